"""Uses a wiki as a bot would, and prints what does not change from day to day."""
import hashlib
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zlib
import struct

BASE = "http://localhost"
JAR = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def page(path):
    try:
        with JAR.open(BASE + path) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get_content_type(), error.read()


def api(post=None, **query):
    query = urllib.parse.urlencode({"format": "json", "formatversion": 2, **query})
    if post is None:
        return json.loads(page("/w/api.php?" + query)[2])
    if "file" in post:
        mark = uuid.uuid4().hex
        body = b"".join(f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in post.items() if k != "file")
        name, data = post["file"]
        body += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + data + f"\r\n--{mark}--\r\n".encode()
        request = urllib.request.Request(f"{BASE}/w/api.php?{query}", body, {"Content-Type": f"multipart/form-data; boundary={mark}"})
    else:
        request = urllib.request.Request(f"{BASE}/w/api.php?{query}", urllib.parse.urlencode(post).encode())
    return json.loads(JAR.open(request).read())


def parse(text, **more):
    answer = api({"action": "parse", "text": text, "contentmodel": "wikitext", "disablelimitreport": 1, "prop": "text|categories|links", **more})
    print(re.sub(r"\d{14,}", "N", answer["parse"]["text"]))


def png():
    raw = b"".join(b"\0" + bytes((x * 2, y * 2, 99)[i] for x in range(100) for i in range(3)) for y in range(100))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def edit(title, text):
    answer = api({"action": "edit", "title": title, "text": text, "token": token()})
    print("edit", title, {k: v for k, v in answer.get("edit", answer.get("error")).items() if k in ("result", "new", "nochange", "code", "captcha")})


def token(kind="csrf"):
    return api(action="query", meta="tokens", type=kind)["query"]["tokens"][kind + "token"]


general = api(action="query", meta="siteinfo", siprop="general|extensions|skins")["query"]
print(general["general"]["sitename"], general["general"]["generator"], general["general"]["dbtype"])
print([e["name"] for e in general["extensions"]], [s["code"] for s in general["skins"]])
print(api({"action": "login", "lgname": "Admin", "lgpassword": "wrong", "lgtoken": token("login")})["login"]["result"])
print(api({"action": "login", "lgname": "Admin", "lgpassword": "correct-horse-9", "lgtoken": token("login")})["login"]["result"])
parse("== H ==\n''i'' '''b''' [[Main Page|x]] [https://example.org out]\n* a\n** b\n{| class=wikitable\n! h\n|-\n| c\n|}\n{{#if: x | yes | no}} {{#expr: 2^10 + 1}} {{PAGENAME}} {{#time: Y-m-d | 2024-02-29}}")
parse("text<ref>note</ref> <references/> <poem>a\nb</poem> [[Category:C]] <math>x</math> {{missing}} ~~~~~"[:-6])
parse('<syntaxhighlight lang="python" line>\ndef f(x): return "é" # c\n</syntaxhighlight><syntaxhighlight lang="rust">fn main() {}</syntaxhighlight><syntaxhighlight lang="nolang">x</syntaxhighlight>')
parse("{{PLURAL:2|ein|viele}} {{formatnum:1234567.8}} {{lc:ÄB}} {{int:search}} {{LANGUAGE:sr}} -{zh-cn:a}-", uselang="de")
edit("Template:T", "Hello {{{1|nobody}}}!")
edit("Sea", "The ship sails. {{T|sailor}} [[Category:Water]]")
edit("Sea", "The ship sails far.\nA second line. {{T|captain}} [[Category:Water]]")
edit("<bad>", "x")
answer = api(action="compare", fromtitle="Sea", torelative="prev")
print(re.sub(r"\s+", " ", answer["compare"]["body"]))
print([s["title"] for s in api(action="query", list="search", srsearch="ship")["query"]["search"]])
print([p["title"] for p in api(action="query", list="allpages")["query"]["allpages"]])
print([m["title"] for m in api(action="query", list="categorymembers", cmtitle="Category:Water")["query"]["categorymembers"]])
for name, data in (("Dots.png", png()), ("Shape.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><rect width="50" height="40" fill="red"/></svg>'),
                   ("Evil.php", b"<?php"), ("Fake.png", b"no picture")):
    answer = api({"action": "upload", "filename": name, "token": token(), "ignorewarnings": 1, "file": (name, data)})
    print(name, answer.get("upload", {}).get("result"), answer.get("error", {}).get("code"), answer.get("upload", {}).get("imageinfo", {}).get("mime"))
for name in ("File:Dots.png", "File:Shape.svg"):
    info = api(action="query", titles=name, prop="imageinfo", iiprop="url|size|metadata", iiurlwidth=40)["query"]["pages"][0]["imageinfo"][0]
    status, kind, data = page(urllib.parse.urlsplit(info["thumburl"]).path)
    print(name, info["width"], info["height"], info["thumbwidth"], status, kind, data[:4], struct.unpack(">II", data[16:24]) if data[:4] == b"\x89PNG" else "")
print(api({"action": "protect", "title": "Sea", "protections": "edit=sysop", "token": token()})["protect"]["protections"][0].get("edit"))
print(api({"action": "delete", "title": "Sea", "token": token()})["delete"]["title"])
print(api({"action": "createaccount", "username": "Bob", "password": "short", "retype": "short", "createreturnurl": BASE, "createtoken": token("createaccount")})["createaccount"].get("messagecode"))
print(api(action="nonsense")["error"]["code"])
for path in ("/wiki/Main_Page", "/wiki/Main_Page?useskin=monobook&uselang=fr", "/wiki/None", "/wiki/Special:Version", "/wiki/Special:SpecialPages", "/wiki/Sea?action=history",
             "/wiki/Special:AllPages", "/wiki/Main_Page?action=raw", "/w/load.php?modules=startup&only=scripts&raw=1", "/w/load.php?lang=en&modules=skins.vector.styles.legacy&only=styles&skin=vector",
             "/w/resources/assets/mediawiki.png", "/w/resources/assets/licenses/cc-by.png", "/w/rest.php/v1/page/Main_Page", "/w/includes/Setup.php", "/w/opensearch_desc.php", "/none"):
    status, kind, data = page(path)
    title = re.search(rb"<title>(.*?)</title>", data)
    print(path, status, kind, len(data) > 200, title[1].decode() if title else "")
