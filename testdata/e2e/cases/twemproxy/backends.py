# Two stores that speak enough of Redis' protocol and one that speaks memcached's; each tells its name when asked.
import socketserver
import sys
import threading


class Redis(socketserver.StreamRequestHandler):
    def handle(self):
        store, name = self.server.store, self.server.name
        while line := self.rfile.readline():
            args = []
            for _ in range(int(line[1:])):
                n = int(self.rfile.readline()[1:])
                args.append(self.rfile.read(n))
                self.rfile.read(2)
            verb, key = args[0].upper(), args[1] if len(args) > 1 else b""
            bulk = lambda v: b"$-1\r\n" if v is None else b"$%d\r\n%s\r\n" % (len(v), v)
            if verb == b"SET":
                store[key] = args[2]
                out = b"+OK\r\n"
            elif verb == b"GET":
                out = bulk(name if key.startswith(b"whoami") else store.get(key))
            elif verb == b"MGET":
                out = b"*%d\r\n" % (len(args) - 1) + b"".join(bulk(store.get(k)) for k in args[1:])
            elif verb == b"MSET":
                store.update(zip(args[1::2], args[2::2]))
                out = b"+OK\r\n"
            elif verb == b"DEL":
                out = b":%d\r\n" % sum(store.pop(k, None) is not None for k in args[1:])
            elif verb == b"INCR":
                store[key] = b"%d" % (int(store.get(key, b"0")) + 1)
                out = b":%s\r\n" % store[key]
            elif verb == b"EVAL":
                out = bulk(b"evaluated " + args[3])
            else:
                out = b"-ERR unknown command\r\n"
            self.wfile.write(out)


class Memcached(socketserver.StreamRequestHandler):
    def handle(self):
        store = self.server.store
        while words := self.rfile.readline().split():
            if words[0] == b"set":
                store[words[1]] = self.rfile.read(int(words[4]) + 2)[:-2]
                self.wfile.write(b"STORED\r\n")
            elif words[0] in (b"get", b"gets"):
                for k in words[1:]:
                    if k in store:
                        self.wfile.write(b"VALUE %s 0 %d\r\n%s\r\n" % (k, len(store[k]), store[k]))
                self.wfile.write(b"END\r\n")
            elif words[0] == b"delete":
                self.wfile.write(b"DELETED\r\n" if store.pop(words[1], None) else b"NOT_FOUND\r\n")
            else:
                self.wfile.write(b"ERROR\r\n")


socketserver.ThreadingTCPServer.allow_reuse_address = True
for port, kind in ((6379, Redis), (6380, Redis), (11211, Memcached)):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", port), kind)
    server.daemon_threads, server.store, server.name = True, {}, b"store %d" % port
    threading.Thread(target=server.serve_forever).start()
sys.stdout.flush()
