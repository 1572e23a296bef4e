#!/usr/bin/env python3
"""dive.py ARCHIVE: wasted bytes and efficiency of a `docker save` archive, as dive 0.12 defines them, read for themselves.

Its trees are one a layer; a leaf is a path with nothing below it in that layer, whiteouts are leaves under the name of what
they remove, and what a removed directory held counts as the whiteout's size. Wasted are all versions of every path that
more than one leaf names (dive/filetree/efficiency.go, dive/image/analysis.go). Prints {"wastedBytes", "efficiency"}.
"""
import json
import posixpath
import sys
import tarfile

WHITEOUT, DOUBLE = ".wh.", ".wh..wh."


def layers_of(archive):
    manifest = json.load(archive.extractfile("manifest.json"))
    for name in manifest[0]["Layers"]:
        member = archive.getmember(name)
        while member.issym():  # older engines link equal layers
            member = archive.getmember(posixpath.normpath(posixpath.join(posixpath.dirname(member.name), member.linkname)))
        yield tarfile.open(fileobj=archive.extractfile(member))


def tree_of(layer):
    """Path to (size, is directory); directories on the way are nodes without size."""
    tree = {}
    for entry in layer:
        path = posixpath.normpath("/" + entry.name.lstrip("/"))
        parts = path.strip("/").split("/")
        if path == "/":
            continue
        for depth in range(1, len(parts) + 1):
            if parts[depth - 1].startswith(DOUBLE):
                break
            node = "/" + "/".join(parts[:depth])
            if depth == len(parts):
                tree[node] = (entry.size if entry.isreg() else 0, entry.isdir())
            else:
                tree.setdefault(node, (0, True))
    return tree


def target_of(path):
    head, tail = posixpath.split(path)
    return posixpath.join(head, tail[len(WHITEOUT):]) if tail.startswith(WHITEOUT) else None


def below(stack, path):
    return [node for node in stack if node == path or node.startswith(path + "/")]


def main():
    seen, stack = {}, {}
    with tarfile.open(sys.argv[1]) as archive:
        for layer in layers_of(archive):
            tree = tree_of(layer)
            parents = {posixpath.dirname(path) for path in tree}
            removed = []
            for path, (size, _) in tree.items():
                target = target_of(path)
                if target is not None:
                    gone = below(stack, target)
                    removed += gone
                    size = sum(stack[node][0] for node in gone) if stack.get(target, (0, False))[1] else 0
                if path not in parents:
                    seen.setdefault(target or path, []).append(size)
            for node in removed:
                stack.pop(node, None)
            stack.update((path, node) for path, node in tree.items() if target_of(path) is None)
    every = sum(map(sum, seen.values()))
    print(json.dumps({
        "wastedBytes": sum(sum(sizes) for sizes in seen.values() if len(sizes) > 1),
        "efficiency": sum(map(min, seen.values())) / every if every else 1,
    }))


main()
