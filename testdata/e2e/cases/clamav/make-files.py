import base64
import bz2
import gzip
import io
import lzma
import os
import struct
import sys
import tarfile
import zipfile
import zlib

os.chdir(sys.argv[1])
ONE = b"text shop-test-marker-one text"


def put(name, data):
    with open(name, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def zipped(files, method=zipfile.ZIP_DEFLATED):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", method) as z:
        for name, data in files.items():
            z.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return b.getvalue()


def tarred(mode):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode=mode) as t:
        info = tarfile.TarInfo("in/one.txt")
        info.size = len(ONE)
        t.addfile(info, io.BytesIO(ONE))
    return b.getvalue()


put("clean.txt", "nothing here\n")
put("one.txt", ONE)
put("wild.txt", "begin-X-mid-anything-end-marker")
put("start.txt", "first-words-of-a-file and more")
put("not-start.txt", " first-words-of-a-file and more")
put("two.txt", "left-marker ... right-marker")
put("left.txt", "left-marker only")
put("regex.txt", "regex-shop SHOP-2024-XX")
put("md5.txt", "hash me too\n")
put("sha.txt", "hash me also\n")
put("yara.txt", "YARA-shop-marker tea_cup tea-cup")
put("a.html", "<html><body><p>x <B>Shop-HTML-marker</B></p></body></html>")
put("a.gz", gzip.compress(ONE))
put("a.bz2", bz2.compress(ONE))
put("a.xz", lzma.compress(ONE))
put("a.zip", zipped({"dir/one.txt": ONE}))
put("nested.zip", zipped({"a.tar.gz": tarred("w:gz"), "x": "x"}))
put("deep.zip", zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"one.txt": ONE})})})}))
put("named.zip", zipped({"secret.doc": "x"}))
put("stored.jar", zipped({"META-INF/MANIFEST.MF": "", "one": ONE}, zipfile.ZIP_STORED))
put("a.tar", tarred("w"))
put("mail.eml", b"From: a\nTo: b\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nhi\n--B\nContent-Type: application/octet-stream; name=x.bin\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(ONE) + b"--B--\n")
stream = zlib.compress(b"pdf-shop-marker " * 3)
put("a.pdf", b"%PDF-1.4\n1 0 obj<</Length " + str(len(stream)).encode() + b"/Filter/FlateDecode>>stream\n" + stream + b"\nendstream endobj\n2 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 2 0 R>>\n%%EOF\n")
put("a.rtf", r"{\rtf1 plain}")
put("broken.zip", zipped({"one": "1" * 100})[:60])
put("fake.exe", b"MZ" + b"\0" * 58 + struct.pack("<I", 64) + b"PE\0\0" + b"\0" * 40 + ONE)
put("a.iso.txt", b"\0" * 100)
put("empty", b"")
enc = bytearray(zipped({"locked.txt": "data" * 9}))
enc[6] |= 1
enc[enc.index(b"PK\1\2") + 8] |= 1
put("locked.zip", bytes(enc))
os.makedirs("dir/sub", exist_ok=True)
put("dir/sub/one.txt", ONE)
put("dir/skip.log", ONE)
