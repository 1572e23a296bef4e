"""A few operations of S3, STS, EC2, DynamoDB, SQS and IAM, enough for the command line to talk to."""
import hashlib
import http.server
import json
import urllib.parse

OBJECTS = {}


class Fake(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"", kind="application/xml", head=()):
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        for name, value in [("Content-Type", kind), ("x-amzn-requestid", "r"), *head]:
            self.send_header(name, value)
        if not any(name == "Content-Length" for name, _ in head):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def body(self):
        if self.headers.get("Expect", "").lower() == "100-continue":
            pass
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def error_(self, status, code):
        self.answer(status, f"<Error><Code>{code}</Code><Message>{code} said the server</Message></Error>")

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query, path = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True)), urllib.parse.unquote(url.path).strip("/")
        if not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256") and "X-Amz-Signature" not in query:
            return self.error_(403, "AccessDenied")
        if not path:
            return self.answer(200, "<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets><Bucket><Name>box</Name>"
                "<CreationDate>2024-01-02T03:04:05.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>")
        bucket, _, key = path.partition("/")
        if bucket != "box":
            return self.error_(404, "NoSuchBucket")
        if key:
            if key not in OBJECTS:
                return self.error_(404, "NoSuchKey")
            data = OBJECTS[key]
            return self.answer(200, data, "text/plain", [("Content-Length", str(len(data))), ("ETag", f'"{hashlib.md5(data).hexdigest()}"'),
                ("Last-Modified", "Tue, 02 Jan 2024 03:04:05 GMT")])
        prefix, items, common = query.get("prefix", ""), "", set()
        for name in sorted(OBJECTS):
            if name.startswith(prefix):
                rest = name[len(prefix):]
                if query.get("delimiter") and "/" in rest:
                    common.add(prefix + rest.split("/")[0] + "/")
                else:
                    items += (f"<Contents><Key>{name}</Key><Size>{len(OBJECTS[name])}</Size><ETag>\"e\"</ETag>"
                        "<LastModified>2024-01-02T03:04:05.000Z</LastModified><StorageClass>STANDARD</StorageClass></Contents>")
        self.answer(200, f"<ListBucketResult><Name>box</Name><Prefix>{prefix}</Prefix><IsTruncated>false</IsTruncated>{items}"
            + "".join(f"<CommonPrefixes><Prefix>{c}</Prefix></CommonPrefixes>" for c in sorted(common)) + "</ListBucketResult>")

    do_HEAD = do_GET

    def do_PUT(self):
        key, data = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).strip("/").partition("/")[2], self.body()
        if key:
            OBJECTS[key] = data
        self.answer(200, head=[("ETag", f'"{hashlib.md5(data).hexdigest()}"')])

    def do_DELETE(self):
        OBJECTS.pop(urllib.parse.unquote(self.path).strip("/").partition("/")[2], None)
        self.answer(204)

    def do_POST(self):
        data, target = self.body(), self.headers.get("X-Amz-Target")
        if target == "DynamoDB_20120810.GetItem":
            return self.answer(200, json.dumps({"Item": {"id": json.loads(data)["Key"]["id"], "n": {"N": "7"}}}), "application/x-amz-json-1.0")
        if target:
            return self.answer(400, json.dumps({"__type": "x#ResourceNotFoundException", "message": target}), "application/x-amz-json-1.0")
        form = dict(urllib.parse.parse_qsl(data.decode()))
        action = form.get("Action")
        if action == "GetCallerIdentity":
            return self.answer(200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123:user/ann</Arn><UserId>U</UserId>"
                "<Account>123</Account></GetCallerIdentityResult></GetCallerIdentityResponse>", "text/xml")
        if action == "DescribeInstances":
            one = "<item><instancesSet><item><instanceId>i-{0}</instanceId><instanceState><code>16</code><name>{1}</name></instanceState>" \
                "<tagSet><item><key>Name</key><value>web{0}</value></item></tagSet></item></instancesSet></item>"
            return self.answer(200, "<DescribeInstancesResponse><reservationSet>" + one.format(1, "running") + one.format(2, "stopped")
                + "</reservationSet></DescribeInstancesResponse>", "text/xml")
        self.answer(400, f"<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>no {action}</Message></Error></ErrorResponse>", "text/xml")

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", 4566), Fake).serve_forever()
