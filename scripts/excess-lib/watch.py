#!/usr/bin/env python3
"""watch.py SOCKET OUT: writes the path of every file that is opened in the root filesystems it is told of.

A client (the runtime wrapper beside this file) sends the host directory of a mounted root filesystem, a line, and gets
"ok" when its superblock is watched: fanotify(7), FAN_OPEN on the whole filesystem, so nothing that the container's first
program opens is missed. Paths in OUT are a line each, as inside the root. Ends on SIGTERM, with OUT complete.
"""
import ctypes, os, selectors, signal, socket, struct, sys

FAN_CLOEXEC, FAN_NONBLOCK, FAN_UNLIMITED_QUEUE, FAN_UNLIMITED_MARKS = 0x1, 0x2, 0x10, 0x20
FAN_MARK_ADD, FAN_MARK_FILESYSTEM = 0x1, 0x100
FAN_OPEN, FAN_Q_OVERFLOW = 0x20, 0x4000
EVENT = struct.Struct("IBBHQii")  # struct fanotify_event_metadata
libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def mark(fan, root):
    flags = ctypes.c_uint(FAN_MARK_ADD | FAN_MARK_FILESYSTEM)
    check(libc.fanotify_mark(fan, flags, ctypes.c_uint64(FAN_OPEN), -100, os.fsencode(root)))


def drain(fan, roots, seen, out):
    while True:
        try:
            data = os.read(fan, 1 << 16)
        except BlockingIOError:
            return
        at = 0
        while at < len(data):
            length, _, _, _, mask, fd, _ = EVENT.unpack_from(data, at)
            at += length
            if mask & FAN_Q_OVERFLOW:
                sys.exit("watch: events were lost")
            try:
                path = os.readlink(f"/proc/self/fd/{fd}")
            finally:
                os.close(fd)
            # Seen from here, or as the container sees it: the mount decides.
            for root in roots:
                if path.startswith(root + "/"):
                    path = path[len(root):]
            if path not in seen:
                seen.add(path)
                out.write(path + "\n")


def main(address, target):
    fan = check(libc.fanotify_init(FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE | FAN_UNLIMITED_MARKS, os.O_RDONLY | 0o2000000))
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen()
    stop_read, stop_write = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(stop_write, b"x"))
    selector = selectors.DefaultSelector()
    for item in (fan, server, stop_read):
        selector.register(item, selectors.EVENT_READ)
    roots, seen = [], set()
    with open(target, "w", errors="surrogateescape") as out:
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if server in ready:
                client, _ = server.accept()
                with client, client.makefile("rw") as lines:
                    root = lines.readline().rstrip("\n")
                    mark(fan, root)
                    roots.append(root)
                    lines.write("ok\n")
            drain(fan, roots, seen, out)
            if stop_read in ready:
                return


main(*sys.argv[1:])
