"""Pages from outside a browser: cookies, forms that other sites send, the API with a page's cookie, refusals, redirects."""

import html
import re
import sys
import urllib.parse

from trial.instance import ADMIN
from trial.server import Server, fresh_instance
from trial.tally import Tally

NAME, _, PASSWORD = ADMIN
NEW = "plume-Walnut-77-harbor"
HTML = {"Accept": "text/html"}
FORM = HTML | {"Content-Type": "application/x-www-form-urlencoded"}
PLAIN = "http://127.0.0.1"
LOGIN = {"username": NAME, "password": PASSWORD}


class Client:
    """What a browser would keep: cookies, and the token of the last page."""

    def __init__(self, server):
        self.server, self.cookies, self.token, self.set = server, {}, "", []

    def send(self, method, path, body=None, headers=None):
        kept = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        answer = self.server.call(method, path, body, headers=kept | (headers or {}))
        self.set = [value for name, value in answer.headers if name == "set-cookie"]
        for line in self.set:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies.pop(name, None)
            if value:
                self.cookies[name] = value
                self.server.secrets.add(value)
        found = re.search(rb'name="csrf" value="([^"]*)"', answer.body)
        self.token = found[1].decode() if found else self.token
        return answer

    def get(self, path):
        return self.send("GET", path, headers=HTML)

    def post(self, path, headers=None, **fields):
        fields = {"csrf": self.token} | fields
        sent = {name: value for name, value in fields.items() if value is not None}
        return self.send("POST", path, urllib.parse.urlencode(sent), FORM | (headers or {}))

    def sign_in(self, name=NAME, password=PASSWORD, **more):
        self.server.secrets.add(password)
        self.get("/login")
        return self.post("/login", username=name, password=password, **more)


class Pages:
    def __init__(self, server, tally):
        self.server, self.tally = server, tally

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def place(self, answer):
        return answer.status, answer.header("location")

    def forms(self):
        """SEC-5: a post without the token, with another's, or from another site changes nothing."""
        one, other = Client(self.server), Client(self.server)
        one.get("/login"), other.get("/login")
        right = one.token
        self.equal("a token for each browser", right != other.token, True)
        mangled = ("0" if right[0] != "0" else "1") + right[1:]
        for token in (None, "", "x", mangled, other.token, right.upper() + "0"):
            self.equal(f"the token {token!r:.9}", one.post("/login", csrf=token, **LOGIN).status, 403)
        for name, headers in (("another origin", {"Origin": "https://evil.example"}),
                              ("a neighbour", {"Sec-Fetch-Site": "same-site", "Origin": "null"}),
                              ("another site", {"Sec-Fetch-Site": "cross-site"}),
                              ("an address in an address", {"Origin": f"https://evil.example/{self.server.host}"}),
                              ("another kind of body", {"Content-Type": "text/plain"}),
                              ("JSON", {"Content-Type": "application/json"})):
            self.equal(name, one.post("/login", headers=headers, csrf=right, **LOGIN).status, 403)
        port = self.server.port
        rebound = one.post("/login", headers={"Origin": f"http://evil.example:{port}", "Host": f"evil.example:{port}"}, **LOGIN)
        self.equal("a name that was pointed here, and where to go instead",
                   (rebound.status, f"open at {PLAIN}.".encode() in rebound.body, b"public_url" in rebound.body),
                   (403, True, True))
        many = "&".join(f"k{number}=1" for number in range(40))
        for token in (right, "x"):
            answer = one.send("POST", "/login", f"csrf={token}&{many}", FORM)
            self.equal("more fields than any form has", answer.status, 400)
        self.equal("nobody was signed in", one.cookies.keys() & {"sparekey"}, set())
        for name, headers in (("no origin", {}), ("null", {"Origin": "null", "Sec-Fetch-Site": "same-origin"}),
                              ("its own", {"Origin": self.server.address}),
                              ("the public one", {"Origin": PLAIN}), ("loopback by name", {"Origin": f"http://localhost:{port}"}),
                              ("whatever it is called", {"Host": "evil.example", "Origin": self.server.address})):
            self.equal(name, self.place(Client(self.server).sign_in(headers=headers)), (303, "/account"))
        signed_in = Client(self.server)
        signed_in.sign_in()
        before = signed_in.token
        self.equal("a token of before signs nobody out", signed_in.post("/sign-out", csrf=before).status, 403)
        signed_in.get("/account")
        self.equal("the page's does", self.place(signed_in.post("/sign-out")), (303, "/login"))

    def calls(self):
        """The API with a page's cookie: reading as it is, writing with the token; a bearer needs none."""
        ada = Client(self.server)
        ada.sign_in()
        ada.get("/account")
        self.equal("reading", ada.send("GET", "/api/sessions").status, 200)
        refused = ada.send("POST", "/api/auth/logout")
        self.equal("writing without the token", (refused.status, refused.kind), (403, "form-refused"))
        self.equal("with a wrong one", ada.send("POST", "/api/auth/logout", headers={"X-CSRF-Token": "0" * 64}).status, 403)
        self.equal("from elsewhere", ada.send("POST", "/api/auth/logout", headers={
            "X-CSRF-Token": ada.token, "Sec-Fetch-Site": "cross-site"}).status, 403)
        self.equal("a wrong bearer is not made good by the cookie",
                   ada.send("GET", "/api/sessions", headers={"Authorization": "Bearer " + "0" * 64}).status, 401)
        self.equal("from a name that was pointed here", ada.send("POST", "/api/auth/logout", headers={
            "X-CSRF-Token": ada.token, "Origin": "http://evil.example", "Host": "evil.example"}).kind, "other-origin")
        answer = ada.send("POST", "/api/auth/logout", headers={"X-CSRF-Token": ada.token})
        self.equal("with the page's", (answer.status, ada.send("GET", "/api/sessions").status), (204, 401))
        self.equal("/api/auth/login sets no cookie", self.server.login(NAME, PASSWORD).header("set-cookie"), None)

    def places(self):
        """Redirects lead to addresses of a list, and nowhere else."""
        visitor = Client(self.server)
        for path, location in (("/", "/login"), ("/account", "/login?next=account"),
                               ("/change-password", "/login?next=change-password"),
                               ("/.well-known/change-password", "/change-password")):
            self.equal(path, self.place(visitor.get(path)), (303, location))
        for target, location in (("change-password", "/change-password"), ("//evil.example", "/account"),
                                 ("https://evil.example", "/account"), ("/\\evil.example", "/account"), ("", "/account"),
                                 ("account\r\nX: y", "/account")):
            self.equal(f"next {target!r}", self.place(Client(self.server).sign_in(next=target)), (303, location))

    def refusals(self):
        """A page for a browser, a problem document for a program, of the same kinds."""
        visitor = Client(self.server)
        for path, accept, kind in (("/nothing", HTML, "text/html; charset=utf-8"), ("/nothing", {}, "application/problem+json"),
                                   ("/api/nothing", HTML, "application/problem+json"),
                                   ("/assets/site-0000000000000000.css", {}, "text/html; charset=utf-8")):
            answer = self.server.call("GET", path, headers=accept)
            self.equal(f"{path} {accept}", (answer.status, answer.header("content-type")), (404, kind))
        answer = visitor.send("DELETE", "/account", headers=HTML)
        self.equal("another method", (answer.status, answer.header("allow")), (405, "GET, HEAD"))
        visitor.get("/login")
        self.equal("too much", visitor.post("/login", username="x" * 70_000, password="x").status, 413)
        self.equal("a field short", visitor.post("/login", username="x").status, 400)
        page = visitor.get("/login")
        for file in re.findall(rb'(?:href|src)="(/assets/[^"]+)"', page.body):
            self.equal("an asset", self.server.call("GET", file.decode()).status, 200)
        self.equal("a small page", len(page.body) < 6_000, True)
        self.equal("nothing inline", re.findall(rb"<style|<script>|\son\w+=|style=", page.body), [])

    def policy(self):
        ada = Client(self.server)
        ada.sign_in()
        page = ada.get("/change-password").body.decode()
        rules = html.unescape(re.search(r'passwordrules="([^"]*)"', page)[1])
        self.equal("complex, told to password managers", rules,
                   "minlength: 12; required: upper; required: lower; required: digit; required: special; "
                   "allowed: ascii-printable;")
        self.equal("and to people", re.findall(r'data-check="(\w+)">([^<]*)', page), [
            ("length", "Minimum 12 characters"), ("upper", "An upper-case letter (A-Z)"),
            ("lower", "A lower-case letter (a-z)"), ("digit", "A digit (0-9)"),
            ("special", "A special character (such as + - = : @)")])


def throttled(tally, server):
    """The device cookie gives its browser a budget of its own; everybody else meets a page with Retry-After."""
    ada = Client(server)
    ada.sign_in()
    mark = {name: value for name, value in ada.cookies.items() if name.endswith("device")}
    stranger = Client(server)
    while (answer := stranger.sign_in(password="wrong")).status == 401:
        pass
    words = b"Too many attempts" in answer.body and b"nothing was changed" in answer.body
    tally.check("strangers meet a limit", [] if answer.status == 429 and int(answer.header("retry-after")) and words else
                [f"{answer.status} {answer.body[:200]!r}"])
    known, unknown = Client(server), Client(server)
    known.cookies |= mark
    found = known.sign_in().status, unknown.sign_in().status
    tally.check("a browser that was here before gets in", [] if found == (303, 429) else [f"{found}"])


def https(tally, server):
    ada = Client(server)
    ada.get("/login")
    ada.post("/login", **LOGIN)
    lines = {line.split("=")[0]: line for line in ada.set}
    tally.check("__Host- cookies", [] if set(lines) == {"__Host-sparekey", "__Host-sparekey-device"} else [f"{set(lines)}"])
    for line in lines.values():
        missing = [part for part in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/") if part not in line]
        tally.check("their attributes", missing + (["a domain"] if "omain" in line else []))
    answer = ada.get("/account")
    tally.check("HSTS", [] if answer.header("strict-transport-security") else ["none"])


def main():
    tally = Tally()
    postgres = "--postgres" in sys.argv
    broken = []
    plain = {"SPAREKEY_PUBLIC_URL": PLAIN}
    with fresh_instance(postgres, settings=plain) as instance, Server(instance) as server:
        trial = Pages(server, tally)
        for step in (trial.forms, trial.calls, trial.places, trial.refusals):
            step()
        broken += server.broken
    with fresh_instance(postgres, settings=plain | {"SPAREKEY_POLICY": "complex"}) as instance, Server(instance) as server:
        Pages(server, tally).policy()
        broken += server.broken
    with fresh_instance(postgres, settings=plain) as instance, Server(instance, limits="standard") as server:
        throttled(tally, server)
        broken += server.broken
    with fresh_instance(postgres) as instance, Server(instance) as server:
        https(tally, server)
        broken += server.broken
    tally.check("every answer and every line of the log", broken)
    tally.finish(f"pages, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
