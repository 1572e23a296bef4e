import html
import http.cookiejar
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

B = "http://127.0.0.1:8080"
jar = http.cookiejar.CookieJar()
web = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))


def words(text):
    text = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", text)
    text = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))
    return re.sub(r"\(?[0-9]+\.[0-9]{3} s\)?|\b\d\d:\d\d:\d\d\b|Adminer [0-9.]+|Language: English .*?(Use\b|$)", "", text).strip()


def ask(query, form=None, raw=False, limit=900, files=None):
    data, headers = None, {"Accept-Language": "en"}
    if files:
        boundary = "BOUND"
        data = b"".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"{"; filename=" + chr(34) + "x.sql" + chr(34) if k in files else ""}\r\n\r\n{v}\r\n'.encode() for k, v in {**form, **files}.items()) + f"--{boundary}--\r\n".encode()
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
    elif form is not None:
        data = urllib.parse.urlencode(form).encode()
    try:
        r = web.open(urllib.request.Request(B + query, data, headers), timeout=30)
    except urllib.error.HTTPError as e:
        r = e
    text = r.read().decode("utf-8", "replace")
    print("==", "POST" if data else "GET", query, r.status, r.headers["content-type"])
    print((re.sub(r"nonce=[\"'][^\"']*", "", text) if raw else words(text))[:limit])
    global token
    token = (re.findall(r"name=[\"']token[\"'] value=[\"']([^\"']*)", text) or [""])[0] or token
    return text


token = ""
login = lambda driver, server, user, password, db: ask("/", {"auth[driver]": driver, "auth[server]": server, "auth[username]": user, "auth[password]": password, "auth[db]": db}, limit=400)
if sys.argv[1] == "design":
    ask("/adminer.css", raw=True, limit=200), ask("/?lang=de")
    sys.exit()
page = ask("/")
print(re.findall(r'<option value="(\w+)"[^>]*>([^<]*)', page))
print(re.findall('name="auth.server." value="([^"]*)', page))
for path in ("/adminer.css", "/plugin-loader.php", "/none.txt"):
    ask(path, limit=200)
login("server", "127.0.0.1:3306", "root", "secret", ""), login("pgsql", "127.0.0.1:5432", "root", "secret", ""), login("nonsense", "x", "y", "secret", "")
login("sqlite", "", "", "wrong", "/var/lib/shop/shop.db")
login("sqlite", "", "", "secret", "")
Q = "/?sqlite=&username="
ask(Q + "&database=", {"name": "/var/lib/shop/shop.db", "token": token})
D = Q + "&db=" + urllib.parse.quote("/var/lib/shop/shop.db", safe="")
sql = lambda text: ask(D + "&sql=", {"query": text, "token": token})
ask(D)
sql("create table book (id integer primary key, title text not null, price real, body blob); create table line (book integer references book (id), n integer); create unique index book_title on book (title);")
sql("insert into book (title, price) values ('Moby-Dick', 12.5), ('Ähren & <b>', 7), ('Zebra', 30); insert into line values (1, 2), (2, 3)")
sql("select title, price * 2 as twice, upper(title), typeof(price), (select sum(n) from line where book = book.id) from book order by price limit 2; explain query plan select * from book where title = 'x'")
sql("select * from none"), sql("selec 1"), sql("insert into book (title) values ('Zebra')")
ask(D + "&table=book"), ask(D + "&select=book&order%5B0%5D=price&desc%5B0%5D=1"), ask(D + "&select=book&columns%5B0%5D%5Bfun%5D=max&columns%5B0%5D%5Bcol%5D=price"), ask(D + "&select=book&where%5B0%5D%5Bcol%5D=title&where%5B0%5D%5Bop%5D=LIKE+%25%25&where%5B0%5D%5Bval%5D=eb")
ask(D + "&edit=book"), ask(D + "&edit=book", {"fields[title]": "Dune", "fields[price]": "9", "function[body]": "NULL", "token": token})
ask(D + "&edit=book&where%5Bid%5D=4", {"fields[id]": "4", "fields[title]": "Dune 2", "fields[price]": "9.5", "token": token})
ask(D + "&create="), ask(D + "&create=line"), ask(D + "&indexes=book"), ask(D + "&foreign=line"), ask(D + "&schema="), ask(D + "&view="), ask(D + "&trigger=book"), ask(D + "&variables="), ask(D + "&dump=", limit=300)
for fmt in ("sql", "csv", "csv;", "tsv", "json", "xml", "php", "nonsense"):
    ask(D + "&dump=", {"output": "text", "format": fmt, "table_style": "DROP+CREATE", "data_style": "INSERT", "tables[]": "book", "data[]": "book", "token": token}, raw=True, limit=900) if fmt != "sql" else print(re.sub(r"-- 20.*", "", ask(D + "&dump=", {"output": "text", "format": fmt, "table_style": "DROP+CREATE", "data_style": "INSERT", "tables[]": "book", "data[]": "book", "token": token}, limit=0)))
ask(D + "&sql=", {"token": token, "query": ""}, files={"sql_file[]": "insert into line values (3, 9); select count(*) as lines from line;"})
ask(D, {"tables[]": "line", "truncate": "Truncate", "token": token}), ask(D, {"tables[]": "line", "drop": "Drop", "token": "bad"}), ask(D + "&script=db", limit=300)
ask(D + "&edit=none"), ask("/?file=default.css&version=4.8.1", raw=True, limit=80), ask("/?file=jush.js&version=4.8.1", raw=True, limit=60)
ask(Q, {"logout": "1", "token": token}, limit=300)
ask(D, limit=200)
