"""A small S3 over real HTTP: put, get, list and delete of objects in one bucket, only for who signs."""

import re
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape, unescape


class FakeS3:
    """One bucket; ``objects`` are its contents, ``faults`` the statuses of the next answers."""

    def __init__(self, bucket="evidence"):
        self.bucket, self.objects, self.faults, self.calls = bucket, {}, [], []

    def __enter__(self):
        mine = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *words):
                pass

            def answer(self):
                length = int(self.headers.get("content-length") or 0)
                mine.answer(self, self.rfile.read(length))

        for method in ("GET", "PUT", "POST", "HEAD"):
            setattr(Handler, f"do_{method}", Handler.answer)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        return self

    def __exit__(self, *fault):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)

    def answer(self, asked, body):
        where = urllib.parse.urlsplit(asked.path)
        _, bucket, *rest = urllib.parse.unquote(where.path).split("/", 2)
        key, query = "".join(rest), dict(urllib.parse.parse_qsl(where.query))
        self.calls.append((asked.command, key))
        if not asked.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 "):
            return self._say(asked, 403, b"<Error><Code>AccessDenied</Code></Error>")
        if self.faults:
            return self._say(asked, self.faults.pop(0), b"<Error><Code>Fault</Code></Error>")
        if bucket != self.bucket:
            return self._say(asked, 404, b"<Error><Code>NoSuchBucket</Code></Error>")
        if asked.command == "PUT":
            self.objects[key] = body
            return self._say(asked, 200, b"", etag='"1"')
        if asked.command == "POST" and "delete" in where.query:
            return self._say(asked, 200, self._deleted(body.decode()))
        if not key:
            return self._say(asked, 200, self._listed(query.get("prefix", "")))
        if key not in self.objects:
            return self._say(asked, 404, b"<Error><Code>NoSuchKey</Code></Error>")
        return self._say(asked, 200, self.objects[key], etag='"1"')

    def _deleted(self, body):
        gone = re.findall(r"<Key>([^<]+)</Key>", body)
        for key in gone:
            self.objects.pop(unescape(key), None)
        told = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in gone)
        return f'<?xml version="1.0" encoding="UTF-8"?><DeleteResult>{told}</DeleteResult>'.encode()

    def _listed(self, prefix):
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f'<ETag>"1"</ETag><Size>{len(body)}</Size><StorageClass>STANDARD</StorageClass></Contents>'
            for key, body in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>'
            f"<Name>{self.bucket}</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>1</KeyCount>"
            f"<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
        ).encode()

    def _say(self, asked, status, body, etag=""):
        asked.send_response(status)
        asked.send_header("Content-Length", str(len(body)))
        asked.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        if etag:
            asked.send_header("ETag", etag)
        asked.end_headers()
        if asked.command != "HEAD":
            asked.wfile.write(body)
