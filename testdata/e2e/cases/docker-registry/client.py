# Pushes, asks and deletes as a container engine does.
import base64
import hashlib
import json
import ssl
import sys
import urllib.error
import urllib.request

BASE, AUTH = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
context = ssl._create_unverified_context()


def ask(method, path, data=None, show=True, **headers):
    url = path if path.startswith("http") else BASE + path
    h = {k.replace("_", "-"): v for k, v in headers.items()}
    if AUTH:
        h["Authorization"] = "Basic " + base64.b64encode(AUTH.encode()).decode()
    try:
        r = urllib.request.urlopen(urllib.request.Request(url, data, h, method=method), context=context, timeout=20)
    except urllib.error.HTTPError as e:
        r = e
    body = r.read()
    if show:
        if "/tags/list" in path and r.status == 200:
            body = json.dumps({k: sorted(v) if isinstance(v, list) else v for k, v in json.loads(body).items()}).encode()
        text = body.decode("latin1") if len(body) < 400 else f"{len(body)} bytes"
        print(method, path if not path.startswith("http") else "(upload)", r.status, r.headers["content-type"], r.headers["docker-content-digest"], r.headers["www-authenticate"], r.headers["link"], r.headers["range"], text.strip())
    return r, body


digest = lambda b: "sha256:" + hashlib.sha256(b).hexdigest()


def push(repo, blob, show=False):
    r, _ = ask("POST", f"/v2/{repo}/blobs/uploads/", b"", show=show)
    if r.status != 202:
        sys.exit(print("no upload", r.status))
    where = r.headers["location"]
    r, _ = ask("PATCH", where, blob, show=show, Content_Type="application/octet-stream")
    where = r.headers["location"]
    ask("PUT", where + ("&" if "?" in where else "?") + "digest=" + digest(blob), b"", show=False)
    return {"size": len(blob), "digest": digest(blob)}


ask("GET", "/v2/")
if AUTH and not AUTH.endswith("secret"):
    sys.exit()
config = push("shop/tea", b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}')
layer = push("shop/tea", b"layer " * 20000)
manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "config": {"mediaType": "application/vnd.docker.container.image.v1+json", **config},
                       "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", **layer}]}).encode()
M = "application/vnd.docker.distribution.manifest.v2+json"
O = "application/vnd.oci.image.index.v1+json"
for tag in ("1.0", "1.1", "latest"):
    ask("PUT", f"/v2/shop/tea/manifests/{tag}", manifest, Content_Type=M)
index = json.dumps({"schemaVersion": 2, "mediaType": O, "manifests": [{"mediaType": M, "size": len(manifest), "digest": digest(manifest), "platform": {"architecture": "amd64", "os": "linux"}}]}).encode()
ask("PUT", "/v2/shop/tea/manifests/all", index, Content_Type=O)
ask("GET", "/v2/shop/tea/manifests/all", Accept=O), ask("GET", "/v2/shop/tea/manifests/1.0", Accept=M)
ask("HEAD", "/v2/shop/tea/manifests/latest", Accept=M), ask("HEAD", f"/v2/shop/tea/blobs/{layer['digest']}")
print(digest(ask("GET", f"/v2/shop/tea/blobs/{layer['digest']}", show=False)[1]) == layer["digest"], len(ask("GET", f"/v2/shop/tea/blobs/{layer['digest']}", show=False, Range="bytes=6-11")[1]))
ask("POST", f"/v2/cup/blobs/uploads/?mount={layer['digest']}&from=shop/tea", b""), ask("GET", "/v2/_catalog"), ask("GET", "/v2/_catalog?n=1"), ask("GET", "/v2/shop/tea/tags/list"), ask("GET", "/v2/shop/tea/tags/list?n=2&last=1.0")
ask("GET", "/v2/shop/tea/manifests/none"), ask("GET", "/v2/none/tags/list"), ask("GET", "/v2/Bad_Name/tags/list"), ask("GET", f"/v2/shop/tea/blobs/sha256:{'0' * 64}"), ask("GET", "/none")
ask("PUT", "/v2/shop/tea/manifests/x", b"{bad", Content_Type=M), ask("PUT", "/v2/shop/tea/manifests/x", manifest.replace(layer["digest"].encode(), b"sha256:" + b"1" * 64), Content_Type=M)
r, _ = ask("POST", "/v2/shop/tea/blobs/uploads/", b"", show=False)
ask("PUT", r.headers["location"] + "&digest=" + digest(b"other"), b"this", Content_Type="application/octet-stream")
r, _ = ask("POST", "/v2/shop/tea/blobs/uploads/", b"", show=False)
print(ask("GET", r.headers["location"], show=False)[0].status, ask("DELETE", r.headers["location"], show=False)[0].status)
ask("DELETE", f"/v2/shop/tea/manifests/{digest(index)}"), ask("DELETE", "/v2/shop/tea/manifests/1.0"), ask("DELETE", f"/v2/shop/tea/blobs/{config['digest']}"), ask("GET", f"/v2/shop/tea/blobs/{config['digest']}"), ask("GET", "/v2/shop/tea/manifests/all", Accept=O)
