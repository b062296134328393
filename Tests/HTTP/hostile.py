"""Requests that nobody sends by mistake: no 5xx, the server lives, and its log stays one object a line."""

import json
import socket
import sys

from trial.instance import ADMIN
from trial.server import Answer, Server, fresh_instance
from trial.tally import Tally

NAME, _, PASSWORD = ADMIN
LOGIN, USERS = "/api/auth/login", "/api/users"
LIMIT = 65536
# For sign-ins: a client that closes its side early is taken for gone, and its sign-in is given up.
LAST = "Connection: close"
SECRET = "a-secret-of-more-than-thirty-two-bytes"
NEW = "plume-Walnut-77-harbor"


class Hostile:
    def __init__(self, server, tally):
        self.server, self.tally = server, tally
        self.token = server.token()
        server.secrets.add(SECRET)
        self.count = 0

    def expect(self, name, answer, *wanted):
        self.tally.check(name, [] if answer.status in wanted else [
            f"{answer.status} instead of {wanted}: {answer.body[:120]!r}"])

    def post(self, name, body, *wanted, path=LOGIN, **more):
        self.expect(name, self.server.call("POST", path, body, self.token if path != LOGIN else None, **more), *wanted)

    def raw(self, name, data, *wanted, half_close=True):
        """`wanted` are statuses in the order of the answers; a connection closed without one is a 0."""
        found = statuses(self.server.raw(data, half_close))
        self.tally.check(name, [] if found in [list(each) if isinstance(each, tuple) else [each] for each in wanted] else
                         [f"{found} instead of {wanted}"])

    def bodies(self):
        right = json.dumps({"username": NAME, "password": PASSWORD})
        self.post("a body of exactly 64 KiB", right + " " * (LIMIT - len(right)), 200)
        self.post("a body one byte longer", right + " " * (LIMIT + 1 - len(right)), 413)
        self.post("a password of 1 MB", {"username": NAME, "password": "x" * 1_000_000}, 413)
        chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
        self.raw("64 KiB in chunks", post(LOGIN, "Transfer-Encoding: chunked", LAST) + chunk * 3 + b"0\r\n\r\n", 413,
                 half_close=False)
        for depth in (1000, 30000):
            self.post(f"{depth} arrays deep", "[" * depth, 400)
            self.post(f"{depth} objects deep", '{"a":' * (depth // 3) + "1" + "}" * (depth // 3), 400)
            self.post(f"{depth} arrays deep in a field", '{"username":' + "[" * depth + "]" * depth + "}", 400)
        self.post("100,000 deep", "[" * 100_000, 413)
        for text in ("", "{", "null", "[]", "1", '"x"', "{}", '{"username":"ada"}', "{'a':1}", '{"username":"ada",}', "\0",
                     "\ufeff{}",
                     '{"username":"ada","password":NaN}', '{"username":"ada" "password":"x"}',
                     '{"username":"\\q","password":"x"}'):
            self.post(f"as a body {text[:20]!r}", text, 400)
        self.post("bytes that are no UTF-8", b'{"username":"ada","password":"\xff\xfe"}', 400)
        self.post("an overlong encoding", b'{"username":"ada","password":"\xc0\x80"}', 400)
        self.post("UTF-16", right.encode("utf-16"), 400, 200)
        for value in (1, 1e400, True, None, [], {}, ["ada"], {"$ne": ""}):
            self.post(f"as a password {value!r}", json.dumps({"username": NAME, "password": value}), 400)
            self.post(f"as a name {value!r}", json.dumps({"username": value, "password": PASSWORD}), 400)
        self.post("both names", {"username": NAME, "email": "ada@example.org", "password": PASSWORD}, 400)
        self.post("the same key twice", f'{{"username":"nobody","username":"nobody","password":"{PASSWORD}"}}', 400, 401)

    def texts(self):
        """Characters that a database, a log or a terminal could stumble over, in every text that a call takes."""
        for name, text in (("NUL", "x\0y"), ("a lone surrogate", "\ud800"), ("a swapped pair", "\udc00\ud800"),
                           ("escape", "\x1b[2J"),
                           ("bidirectional", "x\u202ey"), ("a line feed", "x\ny"), ("a noncharacter", "x\uffff"),
                           ("quotes", "x'\";--%_\\"),
                           ("ten thousand marks", "e" + "\u0301" * 10_000),
                           ("a family", "\U0001f468\u200d\U0001f469" * 40)):
            self.count += 1
            self.post(f"signing in as {name}", json.dumps({"username": text, "password": text}), 400, 401, 413)
            self.post(f"{name} as a username", {"username": text, "password": NEW}, 201, 400, 413, path=USERS)
            self.post(f"{name} as an e-mail", {"username": f"e{self.count}", "email": text + "@x", "password": NEW}, 201,
                      400, 413, path=USERS)
            self.post(f"{name} as a display name", {"username": f"d{self.count}", "displayName": text, "password": NEW},
                      201, 400, 413, path=USERS)
            self.post(f"{name} as a password", {"username": f"p{self.count}", "password": text + NEW}, 201, 400, 413, 422,
                      path=USERS)
        identity = self.server.call("GET", USERS + "?search=p", token=self.token).json["data"]["users"][0]["id"]
        for reason in ("x\0y", "\x1b[31m", "x" * 5000, "\ud800"):
            self.post(f"as a reason {reason[:5]!r}", {"generate": True, "reason": reason}, 200, 400,
                      path=f"{USERS}/{identity}/reset-password")
        shown = self.server.call("GET", USERS + "?limit=1000", token=self.token).json["data"]["users"]
        steering = [user for user in shown for text in (user["username"], user["displayName"], user["email"] or "")
                    if any(ord(character) < 32 or character in "\u202e\x7f" for character in text)]
        self.tally.check("no name in the list steers a terminal", [repr(user) for user in steering[:3]])

    def queries(self):
        for query in ("search=%00", "search=%ff", "search=%27%22%3B--", "search=%25", "search=" + "x" * 5000, "after=%00",
                      "after=%ff",
                      "limit=1e3", "limit=+5", "limit=99999999999999999999", "limit=0", "limit=%00", "search=%",
                      "search=%u0041",
                      "&&&&==", "search[]=a", "search=a&search=b", "limit=1&limit=x"):
            self.expect(f"?{query[:30]}", self.server.call("GET", f"{USERS}?{query}", token=self.token), 200, 400)
        for query in ("search=%00", "search=%ff", "after=%00", "after=-1", "after=99999999999999999999", "limit=1001",
                      "limit=-0"):
            self.expect(f"audit?{query}", self.server.call("GET", f"/api/audit?{query}", token=self.token), 200, 400)
        for body in ({"userId": "\0"}, {"userId": "x" * 5000}, {"email": "\0@x"}, {"userId": "a", "email": "b"}, {},
                     {"userId": None}):
            for header, wanted in ((SECRET, (400, 404)), (SECRET[:-1], (401,)), ("\u00e9" * 32, (401,)), ("", (401,))):
                self.expect(f"refresh-user {str(body)[:20]}", self.server.call(
                    "POST", "/api/admin/refresh-user", body, token=header), *wanted)
        for identity in ("%00", "%2e%2e", "..", "%2f", "x" * 4000, "%ff", "'", "1 OR 1", "%0d%0aX:1", "%c3%a4"):
            path = f"{USERS}/" + identity.replace(" ", "%20")
            answer = self.server.call("DELETE", path, token=self.token)
            self.expect(f"an id {identity[:12]!r}", answer, 400, 404, 405)
            self.expect(f"a session {identity[:12]!r}",
                        self.server.call("DELETE", path.replace("users", "sessions"), token=self.token), 400, 404, 405)

    def paths(self):
        for path in ("/nope", "/api", "/api/", "/%00", "/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/",
                     "/\\", "/;",
                     "/api/users/../auth/login", "/" + "a" * 8000, "/" + "a/" * 3000, "/api/users/x/y/z",
                     "/.well-known/nope", "/%"):
            self.expect(f"GET {path[:30]}", self.server.call("GET", path), 404, 400, 401)
        for path in ("//", "/?"):
            self.expect(f"GET {path}, the start page", self.server.call("GET", path), 303)
        self.expect("no path at all", self.server.call("OPTIONS", "*"), 404, 400, 405)
        self.raw("an absolute address", request("GET http://evil.example/healthz HTTP/1.1"), 200, 404)
        self.expect("a path with another case", self.server.call("GET", "/HEALTHZ"), 404)
        for method, path, allow in (("PUT", "/healthz", "GET, HEAD"), ("DELETE", USERS, "GET, HEAD, POST"),
                                    ("GET", LOGIN, "POST"), ("HEAD", LOGIN, "POST"),
                                    ("PATCH", LOGIN, "POST"), ("OPTIONS", USERS, "GET, HEAD, POST"),
                                    ("TRACE", "/healthz", "GET, HEAD"),
                                    ("GET", USERS + "/x", "DELETE, PATCH"), ("PROPFIND", "/healthz", "GET, HEAD"),
                                    ("QUERY", "/healthz", "GET, HEAD")):
            answer = self.server.call(method, path)
            self.tally.check(f"{method} {path} is 405", [] if (answer.status, answer.header("allow")) == (405, allow) else
                             [f"{answer.status}, Allow: {answer.header('allow')}"])
        for method, path in (("GET", "/healthz"), ("GET", "/readyz"), ("GET", USERS), ("GET", "/api/sessions"),
                             ("GET", "/nope")):
            full, head = (self.server.call(each, path) for each in (method, "HEAD"))
            same = (head.status, head.header("content-type"), head.body) == (full.status, full.header("content-type"), b"")
            self.tally.check(f"HEAD {path} is as GET", [] if same else [f"{head.status} {head.headers} {head.body!r}"])

    def content_types(self):
        body = json.dumps({"username": NAME, "password": PASSWORD})
        for kind, status in (("text/plain", 415), ("application/x-www-form-urlencoded", 415),
                             ("multipart/form-data; boundary=x", 415), ("", 415),
                             ("application/jsonx", 415), ("application/json, text/plain", 415), ("application/xml", 415),
                             ("application/json; charset=utf-8", 200), ("Application/JSON ;x=y", 200)):
            self.post(f"a body as {kind!r}", body, status, headers={"Content-Type": kind})
        self.raw("a body as nothing", post(LOGIN, f"Content-Length: {len(body)}", LAST, kind=None) + body.encode(), 415,
                 half_close=False)

    def framing(self):
        """What a proxy and a server could read differently is refused, and the connection ends there."""
        get = request("GET /healthz HTTP/1.1")
        for name, head in (
                ("two lengths", "Content-Length: 5\r\nContent-Length: 6"),
                ("the same length twice", "Content-Length: 5, 6"),
                ("length and chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
                ("a negative length", "Content-Length: -1"),
                ("a length with a sign", "Content-Length: +5"), ("a length in hex", "Content-Length: 0x5"),
                ("an unknown coding", "Transfer-Encoding: gzip"), ("chunked not last", "Transfer-Encoding: chunked, gzip"),
                ("a hidden coding", "Transfer-Encoding: xchunked"), ("a space before the colon", "Content-Length : 5"),
                ("a vertical tab", "Transfer-Encoding:\x0bchunked"),
                ("a huge length", "Content-Length: 99999999999999999999999")):
            found = statuses(self.server.raw(post(LOGIN, head) + b"0\r\n\r\n" + get))
            refused = all(400 <= status < 500 for status in found)
            self.tally.check(name, [] if len(found) <= 1 and refused else [f"{found}"])
        for name, line in (("NUL in a header", b"X: a\0b"), ("CR in a header", b"X: a\rb"),
                           ("a folded header", b"X: a\r\n b"),
                           ("a header without a name", b": x"), ("a line without a colon", b"garbage"),
                           ("no ASCII in a name", b"\xe4: x")):
            found = statuses(self.server.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n\r\n"))
            self.tally.check(name, [] if found in ([], [400], [200]) else [f"{found}"])
        for name, data in (("no version", b"GET /healthz\r\n\r\n"), ("version 9", b"GET /healthz HTTP/9.9\r\n\r\n"),
                           ("TLS on plain", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
                           ("garbage", bytes(range(256)) * 20), ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n"),
                           ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                           ("nothing", b""), ("half a head", b"GET / HTT"),
                           ("unknown method", b"BREW /healthz HTTP/1.1\r\nHost: x\r\n\r\n")):
            found = statuses(self.server.raw(data))
            self.tally.check(name, [] if all(400 <= status < 500 for status in found) else [f"{found}"])
        self.raw("99 headers", request("GET /healthz HTTP/1.1", *(f"X-{number}: y" for number in range(97))), 200)
        for name, fields in (("500 headers", [f"X-{number}: y" for number in range(500)]),
                             ("a header of 1 MB", ["X: " + "y" * 1_000_000]),
                             ("headers of 200 KB together", [f"X-{number}: " + "y" * 4000 for number in range(50)]),
                             ("a name of 100 KB", ["x" * 100_000 + ": y"])):
            found = statuses(self.server.raw(request("GET /healthz HTTP/1.1", *fields)))
            self.tally.check(name, [] if all(400 <= status < 500 for status in found) else [f"{found}"])
        self.raw("a path of 100 KB", request(f"GET /{'a' * 100_000} HTTP/1.1"), 400, 404, 414, 431, ())

    def connections(self):
        get = request("GET /healthz HTTP/1.1")
        self.raw("HTTP/1.0", b"GET /healthz HTTP/1.0\r\n\r\n", 200)
        self.raw("20 requests in one write", get * 20, (200,) * 20)
        login = json.dumps({"username": NAME, "password": "wrong"}).encode()
        each = post(LOGIN, f"Content-Length: {len(login)}") + login
        last = request("GET /healthz HTTP/1.1", LAST)
        self.raw("sign-ins and questions in turn", (each + get) * 4 + last, (401, 200) * 4 + (200,), half_close=False)
        self.raw("an unread body, then a question", post("/nope", f"Content-Length: {len(login)}") + login + get,
                 (404, 200))
        self.raw("a body for GET", request("GET /healthz HTTP/1.1", "Content-Length: 5") + b"hello" + get, (200, 200))
        self.raw("Expect: 100-continue",
                 post(LOGIN, f"Content-Length: {len(login)}", "Expect: 100-continue", LAST) + login, 401, (100, 401),
                 half_close=False)
        self.raw("an upgrade", request("GET /healthz HTTP/1.1", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings"), 200)
        for _ in range(50):
            with socket.create_connection((self.server.host, int(self.server.port))) as connection:
                connection.sendall(each[:-3])
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.expect("after 50 resets in mid-body", self.server.call("GET", "/healthz"), 200)

    def forged(self):
        """Neither Host nor a forwarded address is believed from a stranger."""
        self.server.call("POST", USERS, {"username": "linked", "password": NEW}, self.token)
        identity = self.server.call("GET", USERS + "?search=linked", token=self.token).json["data"]["users"][0]["id"]
        for host in ("evil.example", "evil.example\thttps://x", "", "a" * 3000, "evil.example:99999", "[::1"):
            headers = {"Host": host, "X-Forwarded-Host": host, "Forwarded": f"host={host}", "X-Forwarded-Proto": "http",
                       "Origin": f"http://{host}"}
            answer = self.server.call("POST", f"{USERS}/{identity}/reset-password", {"link": True}, self.token, headers)
            link = answer.json.get("data", {}).get("link", "") if answer.status == 200 else ""
            self.server.secrets |= {answer.json["data"]["token"]} if link else set()
            self.tally.check(f"the link with Host {host[:20]!r}", [] if answer.status == 400 or link.startswith(
                "https://files.example.org/reset-password#") else [f"{answer.status} {link[:60]}"])
        self.tally.check("a forwarded address is not believed",
                         self.seen_as("127.0.0.9", {"X-Forwarded-For": "192.0.2.7"}, "127.0.0.9"))

    def seen_as(self, source, headers, expected):
        token = self.server.login(NAME, PASSWORD, headers=headers, source=source).json["data"]["token"]
        listed = self.server.call("GET", "/api/sessions", token=token).json["data"]["sessions"]
        found = next(session["address"] for session in listed if session["current"])
        return [] if found == expected else [f"seen as {found} instead of {expected}"]

    def alive(self):
        self.expect("the server lives", self.server.call("GET", "/readyz"), 200)
        self.expect("and signs in", self.server.login(NAME, PASSWORD), 200)
        errors = [line for line in self.server.log() if line["level"] in ("error", "critical")]
        self.tally.check("the log holds no error", [repr(line) for line in errors[:3]])


def proxied(server, tally):
    trial = Hostile(server, tally)
    for source, forwarded, expected in (
            ("127.0.0.2", "192.0.2.7", "192.0.2.7"), ("127.0.0.3", "192.0.2.7", "127.0.0.3"),
            ("127.0.0.2", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
            ("127.0.0.2", "192.0.2.7, 10.1.2.3", "192.0.2.7"), ("127.0.0.2", "192.0.2.7, nonsense", "127.0.0.2"),
            ("127.0.0.2", "", "127.0.0.2"),
            ("127.0.0.2", "[2001:db8::1]:443", "2001:db8::1"), ("127.0.0.2", "::ffff:192.0.2.7", "192.0.2.7"),
            ("127.0.0.2", "192.0.2.7:1234", "192.0.2.7"),
            ("127.0.0.2", ", ".join(["10.0.0.1"] * 400), "10.0.0.1"), ("127.0.0.2", "x" * 3000, "127.0.0.2")):
        tally.check(f"{source} forwards {forwarded[:30]!r}",
                    trial.seen_as(source, {"X-Forwarded-For": forwarded}, expected))


def request(line, *fields):
    return "\r\n".join([line, "Host: files.example.org", *fields, "", ""]).encode("latin-1")


def post(path, *fields, kind="application/json"):
    return request(f"POST {path} HTTP/1.1", *([f"Content-Type: {kind}"] if kind else []), *fields)


def statuses(received):
    """The statuses of the answers in a stream, by their framing."""
    found = []
    while received.startswith(b"HTTP/"):
        head, _, received = received.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        found.append(int(lines[0].split()[1]))
        fields = Answer(0, [tuple(part.decode("latin-1").strip() for part in line.split(b":", 1)) for line in lines[1:]],
                        b"")
        received = received[int(fields.header("content-length") or 0):]
    return found + ([999] if received else [])


def main():
    tally = Tally()
    postgres = "--postgres" in sys.argv
    with fresh_instance(postgres) as instance, Server(instance, {"SPAREKEY_SECRET": SECRET}) as server:
        trial = Hostile(server, tally)
        steps = [trial.bodies, trial.texts, trial.queries]
        for step in steps if postgres else [*steps, trial.paths, trial.content_types, trial.framing, trial.connections,
                                            trial.forged]:
            step()
        trial.alive()
    broken = server.broken
    if not postgres:
        with fresh_instance() as instance, Server(instance, {"SPAREKEY_TRUSTED_PROXIES": "127.0.0.2,10.0.0.0/8"}) as server:
            proxied(server, tally)
        broken += server.broken
    tally.check("every answer and every line of the log", broken)
    tally.finish(f"hostile input, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
