"""Self-service for an attached app's accounts: the same calls with `app`, held against the program's own database, whose
values are judged by other people's libraries. `--postgres` keeps Sparekey's own records there."""

import re
import sys
import threading
import time

import bcrypt
from trial.instance import ADMIN, ROOT
from trial.operator import copy_is
from trial.program import FIXTURES, SQLite, difference, fixture
from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally

sys.path.insert(0, str(ROOT / "Tests/RealApps"))
import judges  # noqa: E402

# The fixture's own password, and what people choose here.
OLD, NEW, LATER = "meadow-Copper-74-signal", "harbour-Violet-31-anchor", "window-Saffron-19-ladder"
REQUEST, VERIFY, RESET = (f"/api/password-reset/{step}" for step in ("request", "verify", "reset"))
ASKED = {"success": True, "message": "If an account with that username exists, a reset code has been generated. "
                                     "Check the server console for the code."}
DONE = {"success": True, "message": "Password reset successful. You can now login with your new password."}
BASIC = {"SPAREKEY_POLICY": "basic"}
APPLIED = {"users[clx0ada].password", "users[clx0ada].updatedAt", "login_attempts[a1] gone", "password_resets[r1] gone"}
# One who signs in elsewhere, one who is deactivated, two who share a name but for its case, and nobody.
NOBODIES = ("alan", "grace2", "twin@example.org", "nobody")
MORE = """
INSERT INTO users (id, firstName, lastName, username, email, password, isActive, updatedAt) VALUES
    ('clx0grace2', 'G', 'H', 'grace2', 'grace2@example.org', '$2a$10$t8oaNheQTTl0oKRBDUJm6eVOVwi4DWVzAJYaedEIK2lRZZrvfzH/y', 0, 1),
    ('clx0twin1', 'T', '1', 'twin1', 'Twin@example.org', '$2a$10$t8oaNheQTTl0oKRBDUJm6eVOVwi4DWVzAJYaedEIK2lRZZrvfzH/y', 1, 1),
    ('clx0twin2', 'T', '2', 'twin2', 'TWIN@example.org', '$2a$10$t8oaNheQTTl0oKRBDUJm6eVOVwi4DWVzAJYaedEIK2lRZZrvfzH/y', 1, 1);
"""
RACERS = 16


class Apps:
    """Two programs, attached before the server starts: `files` is a Palmr, `site` a Django."""

    def __init__(self, instance):
        self.folder = instance.folder.parent / "programs"
        self.folder.mkdir()
        self.files, self.site = (SQLite(self.folder / f"{name}.db") for name in ("files", "site"))
        self.web = self.folder / "htpasswd"
        self.web.write_text((FIXTURES / "htpasswd.file").read_text())
        self.files.load(fixture("palmr") + MORE)
        self.site.load(fixture("django"))
        for name, address in (("files", self.files.address), ("site", self.site.address), ("web", str(self.web))):
            instance.must("apps", "add", name, "--database", address, "--yes",
                          *(["--profile", "htpasswd"] if name == "web" else []))

    def accepted(self, program, table, account):
        """Which of the passwords the program's row lets in."""
        judge = judges.bcrypt_as("$2a$", 10) if program is self.files else judges.django
        row = program.dump()[table][1][account]
        return [password for password in (OLD, NEW, LATER) if judge(row, password)]

    def ada(self):
        return self.accepted(self.files, "users", "clx0ada")


class Trial:
    def __init__(self, server, apps, tally):
        self.server, self.apps, self.tally, self.instance = server, apps, tally, server.instance
        server.secrets |= {OLD, NEW, LATER}
        self.token = server.token()

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def post(self, path, **body):
        answer = self.server.call("POST", path, body)
        if answer.status == 503:
            # It is what is asked for here; `Server` takes every 5xx for a fault.
            self.server.broken = [one for one in self.server.broken if not one.endswith(": status 503")]
        return answer

    def requests(self):
        return self.server.call("GET", "/api/reset-requests?limit=200", token=self.token).json["data"]["requests"]

    def ask(self, name, app="files"):
        """The request as the inbox has it once it was decided; every answer is the same."""
        self.equal(f"{name} of {app} asks", self.post(REQUEST, username=name, app=app).json, ASKED)
        return self.decided(self.requests()[0]["id"])

    def request(self, number):
        return next(each for each in self.requests() if each["id"] == number)

    def decided(self, number):
        """The request once somebody has looked at it, which is waited for."""
        deadline = time.monotonic() + SECONDS
        while (found := self.request(number))["state"] == "new":
            if time.monotonic() > deadline:
                raise RuntimeError(f"nobody looked at request {number} within {SECONDS} s")
        return found

    def code(self, name, app="files", username=None):
        before = len(self.server.codes())
        self.ask(name, app)
        self.server.wait_for(rb"Reset code:\s+\d{6}\b", before + 1)
        return self.server.codes()[before][1]

    def wrong(self):
        shown = {code for _, code in self.server.codes()}
        return next(text for text in map("{:06}".format, range(1000)) if text not in shown)

    def use(self, name, code, password, app="files"):
        return self.post(RESET, username=name, code=code, newPassword=password, app=app)

    def command(self, *words):
        return self.instance.must(*words, "--json")[0]

    def audit(self, action):
        rows = self.server.call("GET", "/api/audit?limit=200", token=self.token).json["data"]["rows"]
        return [row["account"] | {"proof": row["proof"]} for row in rows if row["action"] == action]

    # MARK: - Cases

    def whole_way(self):
        before = self.apps.files.dump()
        code = self.code("ada@example.org")
        box = b"".join(self.server.box).decode()
        self.equal("the box names account and app", bool(re.search(r"Username:\s+ada\s[^=]*?App:\s+files\s[^=]*?Reset code:", box)),
                   True)
        self.equal("a request changes nothing", difference(before, self.apps.files.dump()), set())
        request = self.requests()[0]
        self.equal("the inbox", [request[key] for key in ("name", "account", "app", "state")],
                   ["ada@example.org", "ada", "files", "live"])
        listed = self.instance.must("requests", "list")[0]
        self.equal("the command's list", "ada in files" in listed, True)
        shown = self.instance.must("requests", "show", request["id"])[0]
        self.equal("the command shows it", (code in shown, "ada in files" in shown), (True, True))
        self.equal("verify", self.post(VERIFY, username="ada", code=code, app="files").json, {"success": True, "username": "ada"})
        refused = self.use("ada", code, "ada@example.org")
        self.equal("a rule that knows the account", (refused.status, self.apps.ada()), (422, [OLD]))
        self.equal("a wrong code", self.use("ada", self.wrong(), NEW).status, 400)
        self.equal("not in the own directory", self.post(RESET, username="ada", code=code, newPassword=NEW).status, 400)
        self.equal("nor in another app", self.use("ada", code, NEW, "site").status, 400)
        answer = self.use("ada", code, NEW)
        self.equal("the reset", (answer.status, answer.json), (200, DONE))
        after = self.apps.files.dump()
        self.equal("what has changed", difference(before, after), APPLIED)
        self.equal("the program's own way of looking", self.apps.ada(), [NEW])
        self.equal("and it works once", self.use("ada", code, LATER).status, 400)
        copies = list((self.instance.folder / "copies").iterdir())
        self.tally.check("a copy from before", copy_is(copies[0], before) if len(copies) == 1 else [f"copies: {copies}"])
        self.equal("the state is said", self.requests()[0]["state"], "used")
        rows = [(row["app"], row["username"], row["proof"]) for row in self.audit("password.reset")]
        self.equal("the audit trail", rows, [("files", "ada", "code")])
        for action in ("code.requested", "code.issued", "code.refused"):
            self.equal(f"{action} names the app", self.audit(action)[0]["app"], "site" if action == "code.refused" else "files")
        self.equal("the own account is as it was", self.server.login(ADMIN[0], ADMIN[2]).status, 200)
        number = re.search(r'"reset":\s*(\d+)', self.command("resets", "list"))[1]
        self.instance.must("undo", number)
        self.equal("undo", self.apps.ada(), [OLD])

    def one_answer(self):
        """NEX-4: nobody, and those who could have no code, meet what everybody meets."""
        for name in NOBODIES:
            self.equal(f"{name} has no code", self.ask(name)["state"], "nobody")
        answers = {self.post(VERIFY, username=name, code="123456", app="files").same()[2] for name in (*NOBODIES, "grace")}
        self.equal("one refusal", len(answers), 1)
        self.equal("nobody of another app", self.ask("clx0ada", "site")["state"], "nobody")
        for path, body in ((REQUEST, {}), (VERIFY, {"code": "123456"}), (RESET, {"code": "123456", "newPassword": NEW})):
            for app in ("nothing", "", "Files", "../files", "x" * 300):
                answer = self.post(path, username="ada", app=app, **body)
                self.equal(f"{path[20:]} of {app[:9]!r}", (answer.status, answer.kind), (404, "not-found"))

    def tries(self):
        """SEC-1: five wrong ones, whichever name was typed; the own account of the same name keeps its own."""
        own = self.code(ADMIN[0], None)
        code = self.code("grace")
        for name in ("grace", "GRACE@example.org", "grace", "grace@example.org", "grace"):
            self.equal("a wrong one", self.post(VERIFY, username=name, code=self.wrong(), app="files").status, 400)
        self.equal("after five the right one is refused", self.use("grace", code, NEW).status, 400)
        self.equal("nobody else is", self.post(VERIFY, username=ADMIN[0], code=own).status, 200)

    def race(self):
        code, statuses = self.code("grace"), []
        racers = [threading.Thread(target=lambda: statuses.append(self.use("grace", code, NEW).status)) for _ in range(RACERS)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        self.equal("of many one", (statuses.count(200), set(statuses) <= {200, 400, 503}), (1, True))
        self.equal("the new one works", self.apps.accepted(self.apps.files, "users", "clx0grace"), [NEW])

    def django(self):
        code = self.code("hedy", "site")
        self.equal("django", self.use("hedy", code, NEW, "site").status, 200)
        self.equal("by its own library", self.apps.accepted(self.apps.site, "auth_user", 3), [NEW])

    def file(self):
        """A program whose accounts are in a file."""
        before = self.apps.web.read_text().splitlines()
        self.equal("nobody's", self.ask("nobody", "web")["state"], "nobody")
        code = self.code("ada", "web")
        self.equal("a file", self.use("ada", code, NEW, "web").status, 200)
        after = dict(line.split(":", 1) for line in self.apps.web.read_text().splitlines() if ":" in line)
        self.equal("by another library", bcrypt.checkpw(NEW.encode(), after["ada"].encode()), True)
        self.equal("one line of it", len(set(before) - set(self.apps.web.read_text().splitlines())), 1)
        kept = self.apps.web.with_name("away")
        self.apps.web.rename(kept)
        answer = self.post(VERIFY, username="ada", code="123456", app="web")
        self.equal("a file that is gone", (answer.status, answer.kind), (503, "program-unavailable"))
        kept.rename(self.apps.web)

    def away(self):
        """A database that is gone, or is another: said, nothing is spent, and everybody else goes on."""
        code = self.code("ada")
        token = re.search(r"\b[0-9a-f]{64}\b", self.instance.must("generate-reset-token", "--app", "files", "ada", "--yes")[0])[0]
        self.server.secrets.add(token)
        kept = self.apps.files.path.with_suffix(".away")
        for name, spoil, mend in (
                ("gone", lambda: self.apps.files.path.rename(kept), lambda: kept.rename(self.apps.files.path)),
                ("another", lambda: self.apps.files.rows("ALTER TABLE users RENAME COLUMN password TO secret"),
                 lambda: self.apps.files.rows("ALTER TABLE users RENAME COLUMN secret TO password"))):
            spoil()
            self.equal(f"{name}: asking is answered", self.post(REQUEST, username="ada", app="files").json, ASKED)
            asked = self.requests()[0]["id"]
            for path, body in ((VERIFY, {"code": code}), (VERIFY, {"code": self.wrong()}),
                               (RESET, {"code": code, "newPassword": NEW})):
                for who in ("ada", "nobody"):
                    answer = self.post(path, username=who, app="files", **body)
                    self.equal(f"{name}: {path[20:]}", (answer.status, answer.kind, bool(answer.header("retry-after"))),
                               (503, "program-unavailable", True))
                    self.equal("it says what still works", "old password is as it was" in answer.json["detail"], True)
            answer = self.post("/reset-password", token=token, new_password=NEW)
            self.equal(f"{name}: the token", (answer.status, answer.kind), (503, "program-unavailable"))
            self.code(ADMIN[0], None)
            self.equal("its own wait", self.request(asked)["state"], "new")
            mend()
            self.decided(asked)
        self.equal("the code was spent by none of it", self.use("ada", code, NEW).status, 200)
        self.equal("and the token is void with it", self.post("/reset-password", token=token, new_password=LATER).status, 400)
        self.equal("the new one works", self.apps.ada(), [NEW])
        waited = [line["app"] for line in self.server.log() if line.get("message") == "requests could not be looked at"]
        self.equal("the log says it once each", waited, ["files", "files"])

    def tokens(self):
        for name, said in (("alan", "single sign-on"), ("grace2", "would not work")):
            status, out, err = self.instance.run("generate-reset-token", "--app", "files", name, "--yes")
            self.equal(f"no token for {name}", (status, out, said in err), (65, "", True))
        self.equal("an account is named", self.instance.run("generate-reset-token", "--app", "files", "--yes")[0], 64)
        self.equal("an app is attached", self.instance.run("generate-reset-token", "--app", "other", "ada", "--yes")[0], 78)
        first, second = (self.instance.must("generate-reset-token", "--app", "files", "ada", "--yes")[0].strip() for _ in "12")
        self.server.secrets |= {first, second}
        refused = self.post("/reset-password", token=first, new_password="ada@example.org")
        self.equal("a refused password", (refused.status, self.apps.ada()), (422, [NEW]))
        self.equal("the token", self.post("/reset-password", token=first, new_password=LATER).json, DONE)
        self.equal("the new one works", self.apps.ada(), [LATER])
        for token in (first, second):
            self.equal("used or void", self.post("/reset-password", token=token, new_password=NEW).status, 400)
        self.equal("issued", [(row["app"], row["username"]) for row in self.audit("token.issued")][0], ("files", "ada"))

    def by_command(self):
        """A reset at the shell voids what people hold, however the program is named there."""
        code = self.code("ada")
        self.instance.must("reset-password", "--database", self.apps.files.address, "ada", "--password-stdin", "--yes", password=NEW)
        self.equal("the code is void", (self.use("ada", code, LATER).status, self.apps.ada()), (400, [NEW]))

    def journal(self):
        """What was done is done: no proof is reserved, and no reset left open."""
        self.equal("no proof is reserved", [self.server.sql(f"SELECT COUNT(*) FROM {table} WHERE reserved_by IS NOT NULL")
                                            for table in ("reset_code", "reset_token")], [[(0,)], [(0,)]]
                   if not self.instance.database else [[("0",)], [("0",)]])
        states = {row[0] for row in self.server.sql("SELECT state FROM reset WHERE app IS NOT NULL")}
        self.equal("no reset is open", "prepared" in states, False)


def other_database(tally, postgres):
    """Another database under the same name has other accounts: codes and tokens of the former are nobody's there."""
    with fresh_instance(postgres, BASIC) as instance:
        apps = Apps(instance)
        token = instance.must("generate-reset-token", "--app", "files", "ada", "--yes")[0].strip()
        second = SQLite(apps.folder / "second.db")
        second.load(fixture("palmr"))
        instance.must("apps", "remove", "files", "--yes")
        instance.must("apps", "add", "files", "--database", second.address, "--yes")
        before = second.dump()
        with Server(instance) as server:
            answer = server.call("POST", "/reset-password", {"token": token, "new_password": NEW})
            tally.check("another database", [] if answer.status == 400 else [f"status {answer.status}"])
            tally.check("it is as it was", sorted(difference(before, second.dump())))
        tally.check("its server", server.broken)


def approval(tally, postgres):
    with fresh_instance(postgres, BASIC | {"SPAREKEY_APPROVAL": "one"}) as instance:
        apps = Apps(instance)
        with Server(instance) as server:
            trial = Trial(server, apps, tally)
            asked = trial.ask("ada")
            trial.equal("it waits", (asked["state"], asked["app"], asked["account"]), ("waiting", "files", "ada"))
            call = server.call("POST", f"/api/reset-requests/{asked['id']}/approve", {}, token=trial.token)
            trial.equal("somebody approves", (call.status, call.json["data"]["request"]["state"]), (200, "live"))
            code = server.call("POST", f"/api/reset-requests/{asked['id']}/reveal", {}, token=trial.token).json["data"]["code"]
            trial.equal("the code", (trial.use("ada", code, NEW).status, apps.ada()), (200, [NEW]))
            denied = trial.ask("grace")
            instance.must("requests", "deny", denied["id"])
            trial.equal("denied", trial.requests()[0]["state"], "denied")
        tally.check("its server", server.broken)


def main():
    postgres, tally = "--postgres" in sys.argv, Tally()
    with fresh_instance(postgres, BASIC) as instance:
        apps = Apps(instance)
        with Server(instance) as server:
            trial = Trial(server, apps, tally)
            for case in (trial.whole_way, trial.one_answer, trial.django, trial.file, trial.race, trial.tries, trial.away, trial.tokens,
                         trial.by_command, trial.journal):
                case()
        tally.check("the server", server.broken)
    approval(tally, postgres)
    other_database(tally, postgres)
    tally.finish("http, app recovery" + (", PostgreSQL" if postgres else ""))


if __name__ == "__main__":
    main()
