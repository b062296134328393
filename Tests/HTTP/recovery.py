"""Self-service: the source documents' own calls, one answer for every name, five tries, tokens, and where no secret goes."""

import re
import sys
import urllib.parse

from trial.asked import ask as ask_without_server
from trial.server import Clock, Server, fresh_instance, holds
from trial.tally import Tally

PASSWORD, NEW = "harbour-Violet-31-anchor", "meadow-Copper-74-signal"
REQUEST, VERIFY, RESET = (f"/api/password-reset/{step}" for step in ("request", "verify", "reset"))
CONSUME = "/reset-password"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ASKED = {"success": True, "message": "If an account with that username exists, a reset code has been generated. "
                                     "Check the server console for the code."}
DONE = {"success": True, "message": "Password reset successful. You can now login with your new password."}
BASIC = {"SPAREKEY_POLICY": "basic"}
PLENTY = {"SPAREKEY_LIMITS_REQUEST": "10000/10000", "SPAREKEY_LIMITS_GUESS": "10000/10000"}
PAIRS, ODD = 200, 24


class Recovery:
    def __init__(self, server, tally):
        self.server, self.tally, self.instance = server, tally, server.instance
        self.tokens = []

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def post(self, path, **body):
        return self.server.call("POST", path, body)

    def add(self, name):
        self.instance.add(name, f"{name}@example.org", PASSWORD, "--no-force-change")

    def ask(self, name, number=1):
        self.equal(f"{name} asks", self.post(REQUEST, username=name).json, ASKED)
        return self.server.code(name, number)

    def status(self, name, password):
        return self.server.login(name, password).status

    def wrong(self):
        """A code that no box has shown."""
        shown = {code for _, code in self.server.codes()}
        return next(text for text in map("{:06}".format, range(1000)) if text not in shown)

    def guess(self, name, code):
        return self.post(VERIFY, username=name, code=code)

    def nexus(self):
        """The document's three calls and its scenarios 1, 3, 4, 5 and 6; `expired` has 2."""
        self.add("admin")
        self.equal("the document's request", self.server.call("POST", REQUEST, '{ "username": "admin" }').json, ASKED)
        code = self.server.code("admin")
        answer = self.server.call("POST", VERIFY, f'{{ "username": "admin", "code": "{code}" }}')
        self.equal("the document's verify", (answer.status, answer.json), (200, {"success": True, "username": "admin"}))
        refused = self.post(RESET, username="admin", code=self.wrong(), newPassword="newSecurePassword123")
        self.equal("scenario 3: an invalid code", (refused.status, refused.json["success"], refused.json["message"]),
                   (400, False, "Invalid or expired reset code"))
        for title, more in (("short", {"newPassword": "short-1"}), ("empty", {"newPassword": ""}),
                            ("mismatched", {"newPassword": "newSecurePassword123", "confirmPassword": "another"})):
            answer = self.post(RESET, username="admin", code=code, **more)
            self.equal(f"scenario 6: {title}", (answer.status, answer.kind), (422, "password-refused"))
        body = f'{{ "username": "admin", "code": "{code}", "newPassword": "newSecurePassword123" }}'
        answer = self.server.call("POST", RESET, body)
        self.equal("the document's reset", (answer.status, answer.json), (200, DONE))
        self.equal("scenario 1: it signs in", (self.status("admin", "newSecurePassword123"), self.status("admin", PASSWORD)),
                   (200, 401))
        self.equal("scenario 5: only once", self.server.call("POST", RESET, body).same(), refused.same())
        self.equal("scenario 4: a fake name", self.post(REQUEST, username="fake").json, ASKED)
        self.ask("admin", 2)
        self.equal("shows no box", [name for name, _ in self.server.codes() if name == "fake"], [])
        self.tally.check("the log tells of it without the code", [] if self.server.wait_for(
            rb'"message":"Password reset code for \'admin\', until [0-9TZ:-]+: sparekey requests show \d+"') else ["it does not"])

    def listsome(self):
        """The document's curl, with a token of the command line; no session and nothing temporary comes of it."""
        self.add("lister")
        session = self.server.token("lister", PASSWORD)
        token = self.token("lister")
        for method in ("GET", "HEAD", "GET"):
            answer = self.server.call(method, f"{CONSUME}?token={token}")
            self.equal(f"{method} consumes nothing", answer.status, 303)
        answer = self.server.call("POST", CONSUME, f'{{"token": "{token}", "new_password": "newpass123"}}')
        self.equal("the document's call", (answer.status, answer.json), (200, DONE))
        self.equal("sessions end", self.server.call("GET", "/api/sessions", token=session).status, 401)
        user = self.server.login("lister", "newpass123").json["data"]["user"]
        self.equal("nothing has to be changed afterwards", user["requirePasswordChange"], False)
        self.refused_tokens(token)

    def token(self, name):
        out, _ = self.instance.must("generate-reset-token", name, "--yes")
        token = re.search(r"\b[0-9a-f]{64}\b", out)[0]
        self.tokens.append(token)
        self.server.secrets.add(token)
        return token

    def refused_tokens(self, used):
        """Used, mangled and foreign ones: one answer. What is wrong with the password spends nothing."""
        live = self.token("lister")
        other = "0" if live[0] != "0" else "1"
        first = self.post(CONSUME, token=used, new_password=NEW)
        self.equal("a used token", (first.status, first.json["message"]), (400, "Invalid or expired reset token"))
        for text in (live[:-1], live + "0", other + live[1:], live[:-1] + ("0" if live[-1] != "0" else "1"), live[::-1],
                     "0" * 64, "", "x" * 64, "\0", "\u0660" * 64, live[:32], live * 2):
            self.equal(f"a token like {text[:8]!r}, {len(text)}", self.post(CONSUME, token=text, new_password=NEW).same(),
                       first.same())
        for more in ({"new_password": "short-1"}, {"new_password": NEW, "confirm_password": NEW + " "}):
            for text in (live, used):
                self.equal("a refused password", self.post(CONSUME, token=text, **more).kind, "password-refused")
        self.instance.must("users", "disable", "lister")
        self.equal("a disabled account's", self.post(CONSUME, token=live, new_password=NEW).same(), first.same())
        self.instance.must("users", "enable", "lister")
        answer = self.form(token=live, new_password=NEW, confirm_password=NEW)
        self.equal("a form of another site", (answer.status, answer.header("content-type")), (403, "text/html; charset=utf-8"))
        answer = self.post(CONSUME, token=live, new_password=NEW, confirm_password=NEW)
        self.equal("it was not spent", (answer.status, answer.header("set-cookie")), (200, None))
        self.equal("signs in", self.status("lister", NEW), 200)
        self.equal("again", self.post(CONSUME, token=live, new_password=PASSWORD).status, 400)
        self.equal("a form that is too long", self.form(token="x" * 70_000, new_password=NEW).status, 413)
        self.equal("another kind of body", self.server.call("POST", CONSUME, "x", headers={"Content-Type": "text/plain"}).kind,
                   "unsupported-media-type")
        for broken in (b"Content-Length: 100\r\n\r\ntoken=1", b"Transfer-Encoding: chunked\r\n\r\nzz\r\ntoken=1"):
            answer = self.server.raw(b"POST /reset-password HTTP/1.1\r\nHost: a\r\nContent-Type: "
                                     b"application/x-www-form-urlencoded\r\n" + broken)
            self.equal("a form that breaks off", answer[:12], b"HTTP/1.1 400")

    def form(self, **fields):
        return self.server.call("POST", CONSUME, urllib.parse.urlencode(fields), headers=FORM)

    def tries(self):
        """SEC-1: five wrong ones, verify and reset together; what is no guess counts for nothing."""
        for wrong, status in ((4, 200), (5, 400)):
            name = f"tries{wrong}"
            self.add(name)
            code = self.ask(name)
            for number in range(wrong):
                path, more = ((VERIFY, {}), (RESET, {"newPassword": NEW}))[number % 2]
                self.equal("a wrong try", self.post(path, username=name, code=self.wrong(), **more).kind,
                           "invalid-reset-code")
            self.equal(f"the right one after {wrong}", self.guess(name, code).status, status)
            self.equal("and for the reset", self.post(RESET, username=name, code=code, newPassword=NEW).status, status)
            self.equal("it signs in accordingly", self.status(name, NEW), 200 if status == 200 else 401)

    def no_tries(self):
        self.add("spelled")
        code = self.ask("spelled")
        wrong = self.guess("spelled", self.wrong()).same()
        for text in (code[:5], code + "0", "", "abcdef", code[:5] + "x", "\u0661" * 6, "\uff11" * 6, f"+{code[1:]}", "0x1234",
                     "\0" * 6, f"{code}\0", f"{code}.", "x" * 9000):
            self.equal(f"{text[:8]!r} is the same refusal", self.guess("spelled", text).same(), wrong)
        self.equal("a number is no code", self.guess("spelled", 123456).kind, "malformed-request")
        for password, confirmation in (("short-1", "short-1"), ("aaaaaaaa", "aaaaaaaa"), ("", ""), (NEW, ""), (NEW, NEW[1:])):
            for tried in (code, self.wrong()):
                answer = self.post(RESET, username="spelled", code=tried, newPassword=password, confirmPassword=confirmation)
                self.equal(f"{password!r}, {confirmation!r} is refused first", answer.kind, "password-refused")
        for app in ("nope", "x" * 500, "\0"):
            # Whether there is a program of that name anybody sees by its page.
            for path, fields in ((REQUEST, {}), (VERIFY, {"code": code}), (RESET, {"code": code, "newPassword": NEW})):
                answer = self.post(path, username="spelled", app=app, **fields)
                self.equal(f"an unknown app: {path}", (answer.status, answer.kind), (404, "not-found"))
        for text in (code, f"{code[:3]} {code[3:]}", f"-{'-'.join(code)} ", f"\t{code}"):
            self.equal(f"right, typed {text!r}", self.guess("spelled", text).status, 200)
        context = self.post(RESET, username="spelled", code=code, newPassword="spelled-spelled")
        self.equal("a rule that knows the account", context.kind, "password-refused")
        for _ in range(3):
            self.equal("three more wrong ones", self.guess("spelled", self.wrong()).same(), wrong)
        self.equal("it was one try only", self.post(RESET, username="spelled@example.org", code=code, newPassword=NEW,
                                                    confirmPassword=NEW).json, DONE)

    def hidden(self):
        """Tokens and codes are in no audit row and in no table; `Server` holds the log against them."""
        rows = "\n".join(repr(self.server.sql(f"SELECT * FROM {table}")) for table in ("audit", "audit_note")).encode()
        self.tally.check("there are rows", [] if b"code" in rows and b"token" in rows else ["none"])
        self.tally.check("no code in them", [code for _, code in self.server.codes() if holds(rows, code)])
        tables = rows + "".join(repr(self.server.sql(f"SELECT * FROM {table}")) for table in (
            "reset_token", "reset_request", "reset_code", "reset")).encode()
        self.tally.check("no token anywhere", [token for token in self.tokens if token.encode() in tables
                                               or repr(bytes.fromhex(token)).encode() in tables])


class Alike:
    """NEX-4: whatever the name means, the answers are the same to the byte."""

    def __init__(self, server, tally):
        self.server, self.tally = server, tally
        for name in ("kim", "idle", "dora"):
            server.instance.add(name, f"{name}@example.org", PASSWORD, "--no-force-change")
        server.instance.must("users", "disable", "dora")

    def compare(self, path, **more):
        odd = []
        for number in range(PAIRS):
            names = ("kim", "nobody", f"nobody{number}")
            if number < ODD:
                names += ("dora", "kim@example.org", f"n{number}@example.org", "kim\0", "")
            answers = {name: self.server.call("POST", path, {"username": name} | more).same() for name in names}
            odd += [f"{name!r}: {answer}" for name, answer in answers.items() if answer != answers["nobody"]]
        self.tally.check(f"{path.rsplit('/', 1)[1]}: one answer", odd[:3])

    def __call__(self):
        self.compare(REQUEST)
        self.server.call("POST", REQUEST, {"username": "idle"})
        self.server.code("idle")
        shown = {code for _, code in self.server.codes()}
        wrong = next(text for text in ("000000", "000001", "000002", "000003", "000004") if text not in shown)
        for path, more in ((VERIFY, {}), (RESET, {"newPassword": NEW})):
            self.compare(path, code=wrong, **more)
        kim = [name for name, _ in self.server.codes() if name == "kim"]
        self.tally.check("three codes live at once", [] if len(kim) == 3 else [f"{len(kim)}"])
        self.tally.check("nobody else has one", [name for name, _ in self.server.codes() if name not in ("kim", "idle")])


def limited(instance, tally):
    """The limits count what was typed, whoever it means: six requests for each name from an address of its own."""
    with Server(instance, limits="standard") as server:
        for number, name in enumerate(("ada", "stranger", "dora@example.org"), 2):
            found = [server.call("POST", REQUEST, {"username": name}, source=f"127.0.0.{number}").status for _ in range(6)]
            tally.check(f"limits for {name}", [] if found == [200] * 5 + [429] else [f"{found}"])
            found = [server.call("POST", VERIFY, {"username": name, "code": "1"}, source=f"127.0.0.{number}").status
                     for _ in range(12)]
            tally.check(f"what is no guess is not limited for {name}", [] if found == [400] * 12 else [f"{found}"])
    return server.broken


def judged(instance, tally):
    """A new password is judged within its address's limit, whatever else is wrong; refused ones spend no try."""
    with Server(instance, settings={"SPAREKEY_LIMITS_GUESS": "1/1"}, limits="standard") as server:
        server.call("POST", REQUEST, {"username": "idle"}, source="127.0.0.8")
        code = server.code("idle")
        forms = (RESET, {"username": "idle", "code": code, "newPassword": "x"}), (CONSUME, {"token": "0", "new_password": "x"})
        found = [server.call("POST", *forms[number % 2], source="127.0.0.7") for number in range(12)]
        tally.check("ten are judged", [] if [answer.status for answer in found] == [422] * 10 + [429] * 2 else
                    [f"{[answer.status for answer in found]}"])
        tally.check("then one is told to wait", [] if found[-1].header("retry-after") else ["not told"])
        answer = server.call("POST", RESET, {"username": "idle", "code": code, "newPassword": NEW}, source="127.0.0.8")
        tally.check("elsewhere the code is as good as new", [] if answer.status == 200 else [f"{answer.status}"])
    return server.broken


def one_answer(tally, postgres):
    with fresh_instance(postgres, settings=BASIC) as instance:
        with Server(instance, settings=PLENTY, limits="standard") as server:
            Alike(server, tally)()
        return server.broken + limited(instance, tally) + judged(instance, tally)


def restarted(tally, postgres):
    """A code outlives the server that showed it; a request that was left is looked at by the next one."""
    with fresh_instance(postgres, settings=BASIC) as instance:
        with Server(instance) as first:
            recovery = Recovery(first, tally)
            recovery.add("kim")
            code = recovery.ask("kim")
        if not postgres:
            ask_without_server(instance, "kim")
        with Server(instance) as second:
            recovery = Recovery(second, tally)
            if not postgres:
                recovery.equal("a request that was left gets its code", recovery.guess("kim", second.code("kim")).status, 200)
            recovery.equal("a code after a restart", recovery.post(RESET, username="kim", code=code, newPassword=NEW).json,
                           DONE)
            recovery.equal("and it signs in", recovery.status("kim", NEW), 200)
    return first.broken + second.broken


def expired(tally, postgres):
    """Nexus' scenario 2 and Listsome's hour, by a clock that the test moves."""
    with fresh_instance(postgres, settings=BASIC) as instance:
        clock = Clock(instance.folder.parent)
        with Server(instance, clock=clock) as server:
            recovery = Recovery(server, tally)
            for name in ("soon", "late"):
                recovery.add(name)
            code, tokens = recovery.ask("late"), [recovery.token(name) for name in ("soon", "late")]
            for minutes, status in ((9, 200), (11, 400)):
                clock.set(minutes * 60)
                recovery.equal(f"a code after {minutes} minutes", recovery.guess("late", code).status, status)
            refused = recovery.post(RESET, username="late", code=code, newPassword=NEW)
            recovery.equal("scenario 2: an expired code", refused.json["message"], "Invalid or expired reset code")
            for minutes, token, status in ((59, tokens[0], 200), (61, tokens[1], 400)):
                clock.set(minutes * 60)
                answer = recovery.post(CONSUME, token=token, new_password=NEW)
                recovery.equal(f"a token after {minutes} minutes", answer.status, status)
    return server.broken


def main():
    tally = Tally()
    postgres = "--postgres" in sys.argv
    with fresh_instance(postgres, settings=BASIC) as instance, Server(instance) as server:
        recovery = Recovery(server, tally)
        for step in (recovery.nexus, recovery.listsome, recovery.tries, recovery.no_tries, recovery.hidden):
            step()
    broken = server.broken
    for step in (one_answer, restarted, expired):
        broken = broken + step(tally, postgres)
    tally.check("every answer and every line of the log", broken)
    tally.finish(f"recovery, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
