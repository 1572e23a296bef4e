# A visitor and an administrator; what changes by the day is left out.
import base64
import http.cookiejar
import json
import re
import struct
import sys
import urllib.error
import urllib.parse
import urllib.request
import zlib

H = "http://127.0.0.1"
jar = http.cookiejar.CookieJar()


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *a):
        return None


admin = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), Stay)
guest = urllib.request.build_opener(Stay)


def ask(path, form=None, by=guest, data=None, headers=None, method=None, show=True):
    if form is not None:
        data = urllib.parse.urlencode(form).encode()
    try:
        r = by.open(urllib.request.Request(H + path, data, headers or {}, method=method), timeout=90)
    except urllib.error.HTTPError as e:
        r = e
    body = r.read()
    if show:
        print("-", method or ("POST" if data else "GET"), path.split("&_wpnonce")[0], r.status, r.headers["content-type"], re.sub(r"_wpnonce=[^&]*|moderation-hash=[0-9a-f]*|/\d{4}/\d\d/\d\d", "", r.headers["location"] or ""))
    return body.decode("utf-8", "replace"), r


def words(html):
    html = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def title(html):
    return re.findall("<title>(.*?)</title>|<h1[^>]*>(.*?)</h1>", html)


def png(w, h):
    c = lambda k, d: struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d))
    raw = b"".join(b"\0" + b"".join(bytes([x * 255 // w, y * 255 // h, 99]) for x in range(w)) for y in range(h))
    return b"\x89PNG\r\n\x1a\n" + c(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0)) + c(b"IDAT", zlib.compress(raw)) + c(b"IEND", b"")


def rest(path, body=None, method=None, nonce="", raw=None, headers=None):
    h = {**({"X-WP-Nonce": nonce} if nonce else {}), **(headers or {"Content-Type": "application/json"})}
    text, r = ask("/index.php?rest_route=" + path, data=raw if raw is not None else json.dumps(body).encode() if body is not None else None, headers=h, by=admin if nonce else guest, method=method)
    try:
        return json.loads(text)
    except ValueError:
        return {"not json": text[:200]}


def first():
    print(ask("/")[1].headers["location"])
    page = ask("/wp-admin/install.php")[0]
    print(len(page) > 3000, title(page))
    print(words(ask("/wp-admin/install.php?step=2", {"weblog_title": "x", "user_name": "", "admin_password": "a", "admin_password2": "b", "admin_email": "bad"})[0])[-200:])
    page = ask("/wp-admin/install.php?step=2", {"weblog_title": "Tea & Töpfe", "user_name": "ann", "admin_password": "Correct-horse-9", "admin_password2": "Correct-horse-9", "admin_email": "ann@example.org", "blog_public": "1", "pw_weak": "1", "language": ""})[0]
    print(title(page), "Success" in page)
    home = ask("/")[0]
    print(title(home), "wp-block-post-title" in home, "twentytwentythree" in home)
    print(title(ask("/?p=1")[0]), title(ask("/?page_id=2")[0]), title(ask("/none")[0]))
    print(re.findall("<(?:error|strong)>[^<]*", ask("/wp-login.php", {"log": "ann", "pwd": "wrong"}, admin)[0])[:2])
    print(ask("/wp-admin/", by=guest)[1].headers["location"])
    ask("/wp-login.php", {"log": "ann", "pwd": "Correct-horse-9", "testcookie": "1"}, admin)
    page = ask("/wp-admin/", by=admin)[0]
    print(title(page), sorted(set(re.findall("<div class='wp-menu-name'>([A-Z][a-z]+)", page))))
    nonce = ask("/wp-admin/admin-ajax.php?action=rest-nonce", by=admin)[0]
    plugins = ask("/wp-admin/plugins.php", by=admin)[0]
    print(sorted(re.findall('data-plugin="([^"]*)"', plugins)))
    link = re.search('href="(plugins.php\\?action=activate[^"]*shop-plugin[^"]*)"', plugins).group(1).replace("&amp;", "&")
    ask("/wp-admin/" + link, by=admin)
    print(rest("/shop/v1/extensions"))
    post = rest("/wp/v2/posts", {"title": "Green tea — grün", "content": "<!-- wp:paragraph --><p>Cheap: [price of=3.5] \U0001f375</p><!-- /wp:paragraph -->", "status": "publish", "slug": "green", "tags": []}, nonce=nonce)
    print(post["id"], post["slug"], post["title"]["rendered"], re.sub(r"\s+", " ", post["content"]["rendered"]))
    print(rest("/wp/v2/posts", {"title": "x"})["code"], rest("/wp/v2/posts", {"title": "x"}, nonce="bad")["code"], rest("/wp/v2/posts/999")["code"], rest("/nonsense")["code"])
    media = rest("/wp/v2/media", raw=png(900, 500), headers={"Content-Type": "image/png", "Content-Disposition": 'attachment; filename="dots.png"'}, nonce=nonce)
    sizes = media.get("media_details", {}).get("sizes", {})
    print(sorted((k, v["width"], v["height"], v["mime_type"]) for k, v in sizes.items()), media.get("code"))
    for v in sorted(sizes.values(), key=lambda v: v["width"]):
        data = urllib.request.urlopen(H + urllib.parse.urlparse(v["source_url"]).path, timeout=60).read()
        print(v["width"], data[:4], struct.unpack(">II", data[16:24]))
    print(rest("/wp/v2/media", raw=b"<?php", headers={"Content-Type": "text/plain", "Content-Disposition": 'attachment; filename="x.php"'}, nonce=nonce).get("code"))
    print(rest("/wp/v2/categories", {"name": "Drinks"}, nonce=nonce).get("slug"), rest("/wp/v2/users", {"username": "bob", "email": "bob@example.org", "password": "Bob-secret-7"}, nonce=nonce).get("slug"))
    print(sorted(n["title"]["rendered"] for n in rest("/wp/v2/posts&search=tea")), rest("/wp/v2/settings", nonce=nonce).get("title"))
    print(rest("/wp/v2/themes", nonce=nonce)[0].get("stylesheet"), sorted(rest("/").get("namespaces", [])))
    permalinks = ask("/wp-admin/options-permalink.php", by=admin)[0]
    ask("/wp-admin/options-permalink.php", {"_wpnonce": re.search('name="_wpnonce" value="([^"]*)', permalinks).group(1), "selection": "/%postname%/", "permalink_structure": "/%postname%/", "category_base": "", "tag_base": ""}, admin)
    ask("/wp-admin/options-permalink.php?settings-updated=true", by=admin)
    text = ask("/green/")[0]
    print(title(text), "3.50 EUR" in text, "grün" in text)
    print(ask("/wp-json/wp/v2/posts?_fields=slug")[0])
    ask("/wp-comments-post.php", {"comment": "Lovely", "author": "Guest", "email": "g@example.org", "comment_post_ID": str(post["id"])})
    ask("/wp-comments-post.php", {"comment": "", "author": "G", "email": "g@example.org", "comment_post_ID": str(post["id"])})
    print([c["content"]["rendered"].strip() for c in rest("/wp/v2/comments&status=hold", nonce=nonce)])
    feed = ask("/feed/")[0]
    print(re.findall("<title>(.*?)</title>", feed))
    print(re.findall("<loc>(.*?)</loc>", ask("/wp-sitemap.xml")[0]), len(ask("/?s=grün".replace("ü", "%C3%BC"))[0]) > 2000)
    call = lambda name, *a: ask("/xmlrpc.php", data=f"<?xml version='1.0'?><methodCall><methodName>{name}</methodName><params>{''.join(f'<param><value><string>{v}</string></value></param>' for v in a)}</params></methodCall>".encode(), headers={"Content-Type": "text/xml"})[0]
    print(words(call("demo.sayHello")), "|", words(call("wp.getUsersBlogs", "ann", "Correct-horse-9")), "|", words(call("wp.getUsersBlogs", "ann", "no")))
    for path in ("index.php", "edit.php", "upload.php", "themes.php", "users.php", "tools.php", "options-general.php", "site-health.php?tab=debug", "post-new.php", "export.php", "nonsense.php", "site-editor.php", "widgets.php", "import.php"):
        page, r = ask("/wp-admin/" + path, by=admin)
        print(title(page)[:2])
    debug = words(ask("/wp-admin/site-health.php?tab=debug", by=admin, show=False)[0])
    print(sorted(set(re.findall("Active editor (WP_Image_Editor_\\w+)|Database (?:extension|charset) (\\w+)", debug))))
    export = ask("/wp-admin/export.php?download=true&content=posts", by=admin)[0]
    print(re.findall("<wp:post_name><!\\[CDATA\\[(.*?)\\]\\]>", export))
    print(ask("/wp-admin/load-styles.php?c=0&load=common,forms")[0][:30], len(ask("/wp-admin/load-scripts.php?c=0&load=jquery-core,underscore")[0]) > 50000)
    for path in ("/wp-includes/js/jquery/jquery.min.js", "/wp-includes/css/dist/block-library/style.min.css", "/wp-content/themes/twentytwentythree/style.css", "/wp-admin/images/w-logo-blue.png", "/wp-includes/js/tinymce/tinymce.min.js", "/readme.html", "/robots.txt", "/wp-content/plugins/index.php", "/favicon.ico", "/wp-cron.php", "/wp-includes/none.js"):
        body, _ = ask(path)
        print(len(body) > 100)


def second():
    print(title(ask("/green/")[0]), ask("/wp-json/wp/v2/categories?_fields=slug")[0])


first() if sys.argv[1] == "first" else second()
