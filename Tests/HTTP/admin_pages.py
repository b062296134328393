"""The administrators' pages from outside a browser: who is sent away, forms without their token, addresses made up."""

import json
import sys

from pages import Client
from trial.instance import ADMIN
from trial.server import Server, fresh_instance
from trial.tally import Tally

NAME, _, PASSWORD = ADMIN
OTHER = "harbour-Violet-31-anchor"
ASK = {"SPAREKEY_CODE_DELIVERY": "inbox", "SPAREKEY_APPROVAL": "one", "SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}
READ = ("/admin/requests", "/admin/apps", "/admin/audit", "/admin/audit/export")
ACTS = ("/admin/requests/approve", "/admin/requests/deny", "/admin/requests/reveal")
WRITE = (*ACTS, "/admin/audit/verify")


class Pages:
    def __init__(self, server, tally):
        self.server, self.tally = server, tally
        self.ada, self.kim, self.eve = Client(server), Client(server), Client(server)
        self.ada.sign_in()
        for name, client in (("kim", self.kim), ("eve", self.eve)):
            client.sign_in(name, OTHER)
            client.get("/account")
        self.ada.get("/account")

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def ask(self, name, number):
        self.server.call("POST", "/api/password-reset/request", {"username": name})
        self.server.wait_for(rb"requests approve %d\n" % number)

    def states(self):
        return [state for (state,) in self.server.sql("SELECT state FROM reset_request ORDER BY number")]

    def others(self):
        """Nobody, a plain user, and an administrator who must choose a password first."""
        for path in READ:
            nobody = Client(self.server).get(path)
            wanted = "/login" if path.endswith("export") else f"/login?next={path.rsplit('/', 1)[1]}"
            self.equal(f"nobody: {path}", (nobody.status, nobody.header("location")), (303, wanted))
            self.equal(f"a user: {path}", self.kim.get(path).status, 403)
        for path in WRITE:
            stranger = Client(self.server)
            stranger.get("/login")
            answer = stranger.post(path, request="1")
            self.equal(f"nobody: {path}", (answer.status, answer.header("location")), (303, "/login"))
            self.equal(f"a user: {path}", self.kim.post(path, request="1").status, 403)
            for token in (None, "", self.kim.token, "0" * 64):
                self.equal(f"the token {token!r:.9}: {path}", self.ada.post(path, csrf=token, request="1").status, 403)
            self.equal(f"another site: {path}",
                       self.ada.post(path, headers={"Origin": "https://evil.example"}, request="1").status, 403)
            self.equal(f"no form: {path}", self.ada.get(path).status, 405)
        self.equal("nothing was done", self.states(), ["waiting", "waiting"])
        self.server.sql("UPDATE account SET require_password_change = 1 WHERE username = 'eve'")
        for path in READ:
            answer = self.eve.get(path)
            self.equal(f"must change: {path}", (answer.status, answer.header("location")), (303, "/change-password"))
        self.server.sql("UPDATE account SET require_password_change = 0 WHERE username = 'eve'")

    def every_form(self):
        """Of a browser that is signed in: no form without its token, with another's, or sent by another site."""
        accounts = "SELECT username, role, active, require_password_change FROM account ORDER BY username"
        sessions = "SELECT count(*) FROM session"
        identity = self.server.sql("SELECT id FROM account WHERE username = 'kim'")[0][0]
        acts = ("", *(f"/{act}" for act in ("reset", "delete", "disable", "enable", "unlock", "end-sessions", "require-change", "strength")))
        before = self.server.sql(accounts), self.server.sql(sessions)
        for path in ("/admin/users/new", *(f"/admin/users/{identity}{act}" for act in acts), "/change-password", "/account/end-session",
                     "/account/end-other-sessions", "/sign-out", "/forgot-password", "/forgot-password/code", "/reset-password/token",
                     *WRITE):
            for token in (None, self.kim.token):
                self.equal(f"the token {token!r:.9}: {path}", self.ada.post(path, csrf=token, way="generate").status, 403)
            for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
                self.equal(f"{headers}: {path}", self.ada.post(path, headers=headers, way="generate").status, 403)
        self.equal("nothing came of it", (self.server.sql(accounts), self.server.sql(sessions)), before)

    def made_up(self):
        for path in ACTS:
            for request, status in (("999", 404), ("0", 404), ("-1", 404), ("x", 400), ("", 400), ("9" * 20, 400), (None, 400)):
                self.equal(f"{request!r}: {path}", self.ada.post(path, request=request).status, status)
        for query in ("action=nothing", "outcome=x", "from=yesterday", "to=2026-02-30x", "before=x", "from=2026-13-01",
                      "from=294250-1-1", "to=999999-1-1"):
            self.equal(query, self.ada.get(f"/admin/audit?{query}").status, 400)
            if not query.startswith("before"):
                self.equal(f"export: {query}", self.ada.get(f"/admin/audit/export?{query}").status, 400)
        for query in ("person=%00", "person=%F0%9F", "person=" + "x" * 3000, "before=-1", "before=9223372036854775807", "%3C=%3E"):
            self.equal(query[:30], self.ada.get(f"/admin/audit?{query}").status, 200)
        for query in ("before=x", "before=-5", "done=nothing", "done=%3Cscript%3E"):
            self.equal(query, self.ada.get(f"/admin/requests?{query}").status, 200)

    def own(self):
        """SEC-15: one's own is refused, whatever the form says; a sign-in of long ago leads to the password."""
        for path in ACTS:
            answer = self.ada.post(path, request="2")
            self.equal(f"own: {path}", (answer.status, b"nobody helps themselves" in answer.body), (403, True))
        self.server.sql("UPDATE session SET created_at = created_at - 601000000 WHERE account_id = "
                        "(SELECT id FROM account WHERE username = 'eve')")
        for path in ACTS:
            answer = self.eve.post(path, request="1")
            self.equal(f"old: {path}", (answer.status, answer.header("location")), (303, "/login?next=requests"))
        for target in ("https://evil.example", "//evil.example", "/admin/requests", "requests/../..", ""):
            answer = self.eve.get(f"/login?next={target}")
            self.equal(f"to {target!r}", (answer.status, answer.header("location")), (303, "/account"))
        self.equal("reading is no act", self.eve.get("/admin/audit").status, 200)
        self.equal("both still wait", self.states(), ["waiting", "waiting"])

    def idle(self):
        """What a script fetches by itself does not keep anybody signed in."""
        used = "SELECT last_used_at FROM session WHERE account_id = (SELECT id FROM account WHERE username = 'kim')"
        self.server.sql("UPDATE account SET role = 'admin' WHERE username = 'kim'")
        self.server.sql("UPDATE session SET last_used_at = last_used_at - 300000000 WHERE account_id = "
                        "(SELECT id FROM account WHERE username = 'kim')")
        before = self.server.sql(used)
        self.equal("by itself", self.kim.send("GET", "/admin/requests", headers={"X-Background": "1"}).status, 200)
        self.equal("is no use", self.server.sql(used), before)
        self.kim.get("/admin/requests")
        self.equal("a look is", self.server.sql(used) == before, False)

    def exported(self):
        answer = self.ada.get("/admin/audit/export")
        rows = [json.loads(line) for line in answer.body.decode().splitlines()]
        stored = self.server.sql("SELECT count(*) FROM audit")[0][0]
        self.equal("every row", (answer.status, len(rows)), (200, int(stored)))
        self.equal("its kind", (answer.header("content-type"), answer.header("cache-control")),
                   ("application/jsonl; charset=utf-8", "no-store"))
        status, out, _ = self.server.instance.run("audit", "export", "-")
        self.equal("the command's", (status, out.encode()), (0, answer.body))


def main():
    tally = Tally()
    with fresh_instance("--postgres" in sys.argv, settings=ASK) as instance:
        for name, more in (("kim", ()), ("eve", ("--admin",))):
            instance.add(name, f"{name}@example.org", OTHER, "--no-force-change", *more)
        with Server(instance) as server:
            pages = Pages(server, tally)
            pages.ask("kim", 1)
            pages.ask(NAME, 2)
            for step in (pages.others, pages.every_form, pages.made_up, pages.own, pages.idle, pages.exported):
                step()
    tally.check("every answer and every line of the log", server.broken)
    tally.finish("administrators' pages")


if __name__ == "__main__":
    sys.exit(main())
