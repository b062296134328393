"""What administrators may do to others, and for how long: the budget of their acts, sessions that end while a body is held
back, links whose issuer is none any more, forms that work once, and what counts as use."""

import contextlib
import json
import re
import socket
import sys
import threading
import urllib.parse

from pages import FORM, Client
from trial.instance import ADMIN
from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally

NAME, _, PASSWORD = ADMIN
OLD, NEW = "harbour-Violet-31-anchor", "plume-Walnut-77-harbor"
ASK = {"SPAREKEY_CODE_DELIVERY": "inbox", "SPAREKEY_APPROVAL": "one", "SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}
JSON = {"Content-Type": "application/json"}
RACERS = 12
SPENT = "UPDATE throttle SET count = 300 WHERE count = 1"


class Held:
    """A request whose body is held back: the head and its first byte are sent, the rest is not."""

    def __init__(self, server, method, path, body, headers):
        self.rest = body[1:].encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {server.host}:{server.port}", f"Content-Length: {len(body)}",
                 "Connection: close", *(f"{name}: {value}" for name, value in headers.items())]
        self.connection = socket.create_connection((server.host, int(server.port)), timeout=SECONDS)
        self.connection.sendall("\r\n".join([*lines, "", body[0]]).encode())

    def status(self):
        """Sends the rest; the status of the answer."""
        received = b""
        with contextlib.closing(self.connection):
            self.connection.sendall(self.rest)
            while piece := self.connection.recv(65536):
                received += piece
        return int(received.split(b" ", 2)[1])


class Acts:
    def __init__(self, server, tally):
        self.server, self.tally, self.instance = server, tally, server.instance
        self.ids = {name: key for name, key in server.sql("SELECT username, id FROM account")}

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def page(self, name=NAME, password=PASSWORD):
        """A browser that is signed in and holds the token of its forms."""
        client = Client(self.server)
        client.sign_in(name, password)
        client.get("/account")
        return client

    def account(self, name, columns="role, active, display_name"):
        return self.server.sql(f"SELECT {columns} FROM account WHERE username = '{name}'")

    def ask(self, name, number):
        self.server.call("POST", "/api/password-reset/request", {"username": name})
        self.server.wait_for(rb"requests approve %d\n" % number)

    def held(self):
        """A session that ended while the body was held back does nothing, by the API and by the pages."""
        kim = self.ids["kim"]
        token = self.server.token("eve", OLD)
        bearer = JSON | {"Authorization": f"Bearer {token}"}
        change = Held(self.server, "PATCH", f"/api/users/{kim}", json.dumps({"displayName": "Changed"}), bearer)
        reset = Held(self.server, "POST", f"/api/users/{kim}/reset-password", json.dumps({"generate": True}), bearer)
        self.equal("signed out", self.server.call("POST", "/api/auth/logout", token=token).status, 204)
        self.equal("a call is refused", [each.status() for each in (change, reset)], [401, 401])
        eve, again = self.page("eve", OLD), Client(self.server)
        again.cookies, again.token = dict(eve.cookies), eve.token
        kept = "; ".join(f"{name}={value}" for name, value in eve.cookies.items())
        body = urllib.parse.urlencode({"csrf": eve.token, "username": "kim", "email": "kim@example.org",
                                       "display-name": "Changed"})
        form = Held(self.server, "POST", f"/admin/users/{kim}", body, FORM | {"Cookie": kept})
        self.equal("signed out there", again.post("/sign-out").status, 303)
        self.equal("a form is refused", form.status(), 403)
        demoted = self.server.token("eve", OLD)
        change = Held(self.server, "PATCH", f"/api/users/{kim}", json.dumps({"displayName": "Changed"}),
                      JSON | {"Authorization": f"Bearer {demoted}"})
        answer = self.server.call("PATCH", f"/api/users/{self.ids['eve']}", {"role": "user"}, token=self.server.token())
        self.equal("demoted", answer.status, 200)
        self.equal("and refused", change.status(), 403)
        self.equal("nothing was changed", self.account("kim"), self.kim)
        self.server.sql("UPDATE account SET role = 'admin' WHERE username = 'eve'")

    def links(self):
        """A link ends with the right of who made it; a promotion later does not bring it back."""
        eve, ada, kim = self.server.token("eve", OLD), self.server.token(), self.ids["kim"]
        for change in ({"role": "user"}, {"active": False}):
            link = self.server.call("POST", f"/api/users/{kim}/reset-password", {"link": True}, token=eve).json["data"]
            self.server.secrets.add(link["token"])
            self.equal("changed", self.server.call("PATCH", f"/api/users/{self.ids['eve']}", change, token=ada).status, 200)
            wanted = self.server.call("POST", "/reset-password", {"token": "0" * 64, "new_password": NEW}).same()
            for _ in range(2):
                answer = self.server.call("POST", "/reset-password", {"token": link["token"], "new_password": NEW})
                self.equal(f"{change}: refused like any other", answer.same(), wanted)
                self.server.sql("UPDATE account SET role = 'admin', active = 1 WHERE username = 'eve'")
        self.equal("the old password stays", self.server.login("kim", OLD).status, 200)

    def once(self):
        """Of many posts of one form at once, one does the work."""
        path = f"/admin/users/{self.ids['kim']}/reset"
        ada = self.page()
        for way in ("link", "generate"):
            mark = re.search(rb'name="mark" value="([^"]*)"', ada.get(path).body)[1].decode()
            before = self.made()
            gate, found = threading.Barrier(RACERS), []

            def post(ada=ada, mark=mark, way=way, gate=gate, found=found):
                browser = Client(self.server)
                browser.cookies, browser.token = dict(ada.cookies), ada.token
                gate.wait()
                found.append(browser.post(path, mark=mark, way=way).status)

            racers = [threading.Thread(target=post) for _ in range(RACERS)]
            for racer in racers:
                racer.start()
            for racer in racers:
                racer.join()
            self.equal(f"{way}: one page", sorted(found), [200] + [409] * (RACERS - 1))
            self.equal(f"{way}: one act", self.made() - before, 1)
            self.equal(f"{way}: and not again", ada.post(path, mark=mark, way=way).status, 409)
        mark = re.search(rb'name="mark" value="([^"]*)"', ada.get(path).body)[1].decode()
        refused = ada.post(path, mark=mark, way="password", **{"new-password": "short"})
        self.equal("a refused password", refused.status, 422)
        self.equal("leaves the form good", ada.post(path, mark=mark, way="link").status, 200)
        self.instance.must("reset-password", "kim", OLD, "--no-force-change")

    def made(self):
        return int(self.server.sql("SELECT (SELECT count(*) FROM audit WHERE row LIKE '%token.issued%') + "
                                   "(SELECT count(*) FROM reset WHERE state = 'done')")[0][0])

    def idle(self):
        """Listening to the inbox is no use of the session, however often the stream begins anew."""
        ada = self.page()
        used = "SELECT id, last_used_at FROM session ORDER BY id"
        self.server.sql("UPDATE session SET last_used_at = last_used_at - 300000000")
        before = self.server.sql(used)
        for _ in range(3):
            cookie = "; ".join(f"{name}={value}" for name, value in ada.cookies.items())
            connection = self.server.connection()
            with contextlib.closing(connection):
                connection.request("GET", "/api/reset-requests/events", headers={"Cookie": cookie})
                answer = connection.getresponse()
                self.equal("it streams", (answer.status, answer.read(1)), (200, b":"))
        self.equal("no use", self.server.sql(used), before)
        ada.send("GET", "/api/sessions")
        self.equal("a call is", self.server.sql(used) == before, False)

    def unlinked(self):
        """An account that was added is said to be there, though its link could not be made."""
        postgres = self.instance.database
        self.server.sql("ALTER TABLE reset_token ADD CONSTRAINT broken CHECK (false) NOT VALID" if postgres else
                        "CREATE TRIGGER broken BEFORE INSERT ON reset_token BEGIN SELECT RAISE(ABORT, 'broken'); END")
        ada = self.page()
        ada.get("/admin/users/new")
        answer = ada.post("/admin/users/new", username="zoe", way="link")
        words = [text in answer.body for text in (b"zoe was added", b"Do not add the account again", b"othing was changed")]
        self.equal("it says so", (answer.status, words), (500, [True, True, False]))
        self.server.broken = [line for line in self.server.broken if line != "POST /admin/users/new: status 500"]
        self.server.sql("ALTER TABLE reset_token DROP CONSTRAINT broken" if postgres else "DROP TRIGGER broken")
        zoe = self.server.sql("SELECT id FROM account WHERE username = 'zoe'")
        path = f"/admin/users/{zoe[0][0]}/reset"
        mark = re.search(rb'name="mark" value="([^"]*)"', ada.get(path).body)[1].decode()
        self.equal("its link is made there", ada.post(path, mark=mark, way="link").status, 200)

    def ended(self):
        """Every session of somebody ends in one transaction, with one row."""
        for _ in range(3):
            self.server.token("kim", OLD)
        kims = f"SELECT count(*) FROM session WHERE account_id = '{self.ids['kim']}'"
        rows = "SELECT count(*) FROM audit WHERE row LIKE '%session.ended%'"
        ada, before = self.page(), int(self.server.sql(rows)[0][0])
        for _ in range(2):
            answer = ada.post(f"/admin/users/{self.ids['kim']}/end-sessions")
            self.equal("ended", (answer.status, int(self.server.sql(kims)[0][0])), (303, 0))
            self.equal("one row", int(self.server.sql(rows)[0][0]) - before, 1)
        kim, other = self.page("kim", OLD), self.server.token("kim", OLD)
        self.equal("one's own others", kim.post("/account/end-other-sessions").status, 303)
        self.equal("are over", self.server.call("GET", "/api/sessions", token=other).status, 401)
        self.equal("and the calling one is not", kim.get("/account").status, 200)


def budget(tally, instance):
    """SEC-1: whatever an administrator does to others is charged, generously."""
    with Server(instance, settings=ASK, limits="standard") as server:
        acts = Acts(server, tally)
        kim = acts.ids["kim"]
        acts.ask("kim", 1)
        ada, bearer = acts.page(), server.token()
        mark = re.search(rb'name="mark" value="([^"]*)"', ada.get(f"/admin/users/{kim}/reset").body)[1].decode()
        server.sql("DELETE FROM throttle")
        acts.equal("an act", server.call("PATCH", f"/api/users/{kim}", {}, token=bearer).status, 200)
        acts.equal("is charged", server.sql("SELECT count FROM throttle"), [(1,)] if not instance.database else [("1",)])
        server.sql(SPENT)
        calls = [("PATCH", f"/api/users/{kim}", {"active": False}), ("DELETE", f"/api/users/{kim}", None),
                 ("POST", "/api/users", {"username": "new", "password": NEW})]
        calls += [("POST", f"/api/users/{kim}/reset-password", way) for way in ({"link": True}, {"generate": True})]
        calls += [("POST", f"/api/reset-requests/1/{act}", None) for act in ("approve", "deny", "reveal")]
        forms = [(f"/admin/users/{kim}/{act}", {}) for act in
                 ("disable", "enable", "unlock", "end-sessions", "require-change", "delete")]
        forms += [(f"/admin/users/{kim}", {"username": "kim", "email": "kim@example.org", "display-name": "K"}),
                  (f"/admin/users/{kim}/reset", {"mark": mark, "way": "link"}),
                  ("/admin/users/new", {"username": "new", "way": "link"})]
        forms += [(f"/admin/requests/{act}", {"request": "1"}) for act in ("approve", "deny", "reveal")]
        rows = "SELECT count(*) FROM audit"
        state = server.sql("SELECT role, active, require_password_change, display_name FROM account"), server.sql(
            "SELECT state FROM reset_request")
        for method, path, body in calls:
            answer = server.call(method, path, body, token=bearer)
            acts.equal(f"{method} {path[-24:]}", (answer.status, answer.header("retry-after") is not None), (429, True))
        for path, fields in forms:
            acts.equal(path[-24:], ada.post(path, **fields).status, 429)
        acts.equal("looking is none", ada.get(f"/admin/users/{kim}").status, 200)
        acts.equal("nothing was done", (server.sql("SELECT role, active, require_password_change, display_name FROM account"),
                                        server.sql("SELECT state FROM reset_request")), state)
        acts.equal("one row says so", server.sql(f"{rows} WHERE row LIKE '%administration.refused%'")[0][0] in (1, "1"), True)
    return server.broken


def main():
    tally = Tally()
    with fresh_instance("--postgres" in sys.argv, settings=ASK) as instance:
        for name, more in (("kim", ()), ("eve", ("--admin",))):
            instance.add(name, f"{name}@example.org", OLD, "--no-force-change", *more)
        with Server(instance, settings=ASK) as server:
            acts = Acts(server, tally)
            acts.kim = acts.account("kim")
            for step in (acts.held, acts.links, acts.once, acts.unlinked, acts.idle, acts.ended):
                step()
        broken = server.broken + budget(tally, instance)
    tally.check("every answer and every line of the log", broken)
    tally.finish("administrators' acts")


if __name__ == "__main__":
    sys.exit(main())
