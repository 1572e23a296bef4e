import ftplib
import io
import re
import ssl
import sys


def say(label, call, *a, **k):
    try:
        got = call(*a, **k)
    except ftplib.all_errors as e:
        got = f"{type(e).__name__} {e}"
    print(label, re.sub(r"modify=\d+;|unique=[0-9A-FU]+;|\d{14}|\[\d+\]|port \d+", "", str(got)))
    return got


class Tls(ftplib.FTP_TLS):
    # Each data connection goes on with the session of the control connection, as clients do.
    def ntransfercmd(self, cmd, rest=None):
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            conn = self.context.wrap_socket(conn, session=self.sock.session)
        return conn, size


def lines(f, command):
    out = []
    f.retrlines(command, out.append)
    return sorted(re.sub(r"modify=\d+;|unique=[0-9A-FU]+;|[A-Z][a-z]{2} +\d+ +[\d:]+", "", x) for x in out)


f = ftplib.FTP("127.0.0.1", timeout=20)
print(f.welcome)
say("feat", lambda: sorted(f.sendcmd("FEAT").split("\n"))), say("early", f.sendcmd, "PWD"), say("wrong", f.login, "ann", "wrong")
f = ftplib.FTP("127.0.0.1", timeout=20)
say("login", f.login, "ann", "secret"), say("syst", f.sendcmd, "SYST"), say("pwd", f.pwd), say("mkd", f.mkd, "dir"), say("mkd", f.mkd, "dir")
say("stor", f.storbinary, "STOR dir/grün.bin", io.BytesIO(bytes(range(256)) * 300)), say("ascii", f.storlines, "STOR a.txt", io.BytesIO(b"one\r\ntwo\r\n")), say("appe", f.storbinary, "APPE a.txt", io.BytesIO(b"three\n"))
say("size", f.size, "dir/grün.bin"), say("list", lambda: lines(f, "LIST dir")), say("nlst", lambda: sorted(f.nlst())), say("mlsd", lambda: lines(f, "MLSD dir")), say("mlst", f.sendcmd, "MLST a.txt"), say("glob", lambda: lines(f, "NLST *.t?t"))
got = io.BytesIO()
say("retr", f.retrbinary, "RETR dir/grün.bin", got.write, rest=76700), print(len(got.getvalue()), got.getvalue()[:3])
say("text", lambda: lines(f, "RETR a.txt")), say("rename", f.rename, "a.txt", "b.txt"), say("mdtm", f.sendcmd, "MFMT 20240102030405 b.txt"), say("mdtm", f.sendcmd, "MDTM b.txt"), say("chmod", f.sendcmd, "SITE CHMOD 640 b.txt"), say("stat", lambda: lines(f, "LIST b.txt"))
say("locked", f.mkd, "locked"), say("locked", f.storbinary, "STOR locked/x", io.BytesIO(b"x")), say("none", f.retrbinary, "RETR none", print), say("cwd", f.cwd, "../../etc"), say("xmd5", f.sendcmd, "XMD5 b.txt"), say("hash", f.sendcmd, "HASH b.txt"), say("site", f.sendcmd, "SITE HELP"), say("bad", f.sendcmd, "NONSENSE")
f.set_pasv(False)
say("active", lambda: sorted(f.nlst("/dir")))
f.set_pasv(True)
say("dele", f.delete, "b.txt"), say("rmd", f.rmd, "dir"), say("rmd", f.delete, "dir/grün.bin"), say("rmd", f.rmd, "dir"), say("quit", f.quit)
f = ftplib.FTP("127.0.0.1", timeout=20)
say("anonymous", f.login), say("list", lambda: sorted(f.nlst())), say("text", lambda: lines(f, "RETR pub/a.txt")), say("write", f.storbinary, "STOR pub/x", io.BytesIO(b"x")), say("bob", f.sendcmd, "USER bob"), f.close()
t = Tls("127.0.0.1", timeout=20, context=ssl._create_unverified_context())
say("auth", t.auth), print(t.sock.version() in ("TLSv1.2", "TLSv1.3")), say("login", t.login, "bob", "hidden"), say("prot", t.prot_p), say("stor", t.storbinary, "STOR tls.txt", io.BytesIO(b"over tls\n")), say("text", lambda: lines(t, "RETR tls.txt")), say("chmod", t.sendcmd, "SITE CHMOD 600 tls.txt"), say("quit", t.quit)
