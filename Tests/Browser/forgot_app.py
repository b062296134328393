"""A forgotten password of an attached program, from its address to the last page: by a code that the console shows, and by a
one-time link; with and without JavaScript. The program's own database says what came of it."""

import re
import sys

import bcrypt
from trial.browser import Browsers
from trial.program import SQLite, fixture
from trial.server import Server, fresh_instance
from trial.tally import Tally

OLD, NEW, LATER = "meadow-Copper-74-signal", "copper-Violin-31-glacier", "meadow-Anchor-64-sparrow"
PLAIN = {"SPAREKEY_PUBLIC_URL": "http://127.0.0.1", "SPAREKEY_POLICY": "basic"}


class Walk:
    def __init__(self, tally, browsers, server, program, scripts):
        self.tally, self.browsers, self.server, self.program, self.scripts = tally, browsers, server, program, scripts
        self.way = "with scripts" if scripts else "without scripts"
        server.secrets |= {OLD, NEW, LATER}

    def equal(self, name, found, wanted):
        self.tally.check(f"{name}, {self.way}", [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def holds(self, name, text, *words):
        self.tally.check(f"{name}, {self.way}", [f"no {word!r} in {text[:400]!r}" for word in words if word not in text])

    def accepted(self, account):
        stored = self.program.dump()["users"][1][f"clx0{account}"]["password"].encode()
        return [password for password in (OLD, NEW, LATER) if bcrypt.checkpw(password.encode(), stored)]

    def send(self, person, new, confirmation=None, **more):
        person.fill(new_password=new, confirm_password=confirmation or new, **more)
        person.press("Reset Password")

    def by_code(self):
        with self.browsers.person(self.server, self.scripts) as ada:
            ada.open("/forgot-password/files")
            self.holds("it names the program", ada.text, "files (Palmr)", "server's console", "10 minutes")
            self.equal("no way to a sign-in that is not its own", "Back to sign-in" in ada.text, False)
            ada.look(f"app-forgot-{self.scripts}")
            ada.fill(username="ada@example.org")
            number = len(self.server.codes())
            ada.press("Generate Reset Code")
            self.equal("the second step", (ada.path, ada.page.input_value("#username")),
                       ("/forgot-password/files/code", "ada@example.org"))
            self.holds("it names the program again", ada.text, "Reset your password for files (Palmr)", "Minimum 8 characters")
            ada.look(f"app-code-{self.scripts}")
            self.server.wait_for(rb"App:\s+files\s[^=]*?Reset code:\s+\d{6}\b", number + 1)
            code = self.server.codes()[number][1]
            self.send(ada, NEW, LATER, code=code)
            self.holds("two that differ", ada.text, "The two passwords differ")
            self.send(ada, "ada@example.org")
            self.holds("a rule that knows the account", ada.text, "Nothing was changed yet", "The code stays good")
            self.away(ada, code)
            self.send(ada, NEW, code="000000" if code != "000000" else "000001")
            self.holds("a wrong code", ada.text, "That code is not right")
            self.equal("the old one works still", self.accepted("ada"), [OLD])
            self.send(ada, NEW, code=code)
            self.equal("the last page", ada.path, "/forgot-password/files/done")
            self.holds("where to go on", ada.text, "Your password for files (Palmr) was reset", "sign in with the new password")
            ada.look(f"app-done-{self.scripts}")
            self.equal("nobody is signed in here", "sparekey" in ada.cookies(), False)
            self.equal("the new one works", self.accepted("ada"), [NEW])

    def away(self, ada, code):
        """The program's database is not there for a while: the page says so, and keeps what was typed."""
        kept = self.program.path.with_suffix(".away")
        self.program.path.rename(kept)
        self.send(ada, NEW)
        self.holds("it is said", ada.text, "cannot be reached just now", "old password is as it was", "Try again in a minute")
        self.equal("what was typed is kept", (ada.page.input_value("#username"), ada.page.input_value("#code")),
                   ("ada@example.org", code))
        ada.look(f"app-away-{self.scripts}")
        kept.rename(self.program.path)

    def by_link(self):
        out = self.server.instance.must("generate-reset-token", "--app", "files", "grace", "--yes")[0]
        token = re.search(r"\b[0-9a-f]{64}\b", out)[0]
        self.server.secrets.add(token)
        with self.browsers.person(self.server, self.scripts) as grace:
            if self.scripts:
                grace.page.goto(f"/reset-password#{token}")
                grace.page.wait_for_url("**/reset-password/new")
            else:
                grace.open("/reset-password")
                grace.fill(token=token)
                grace.press("Continue")
            self.holds("whose it is", grace.text, "Choose a new password for grace in files (Palmr)")
            grace.look(f"app-link-{self.scripts}")
            self.send(grace, "grace@example.org")
            self.holds("a rule that knows the account", grace.text, "Nothing was changed yet", "The link stays good")
            self.send(grace, LATER)
            self.equal("the last page", grace.path, "/forgot-password/files/done")
            self.equal("the new one works", self.accepted("grace"), [LATER])
            grace.open("/reset-password/new")
            self.equal("and the link is over", grace.path, "/reset-password")

    def strangers(self):
        with self.browsers.person(self.server, self.scripts) as somebody:
            for path in ("/forgot-password/nothing", "/forgot-password/nothing/code", "/forgot-password/nothing/done"):
                self.equal(path, somebody.open(path), 404)
            self.holds("no such app", somebody.text, "There is no such app on this server")
            somebody.look(f"app-unknown-{self.scripts}")


def main():
    tally = Tally()
    with fresh_instance(settings=PLAIN) as instance:
        programs = instance.folder.parent / "programs"
        programs.mkdir()
        for scripts in (True, False):
            program = SQLite(programs / f"palmr-{int(scripts)}.db")
            program.load(fixture("palmr"))
            instance.must("apps", "add", "files", "--database", program.address, "--yes")
            with Browsers() as browsers, Server(instance) as server:
                walk = Walk(tally, browsers, server, program, scripts)
                for step in (walk.by_code, walk.by_link, walk.strangers):
                    step()
            # Chromium shows what it is answered; that the program's database was away is a 503 of ours.
            tally.check(f"headers, axe, scripts, log, {walk.way}", browsers.broken + server.broken)
            instance.must("apps", "remove", "files", "--yes")
    tally.finish("pages, a forgotten password of an app")


if __name__ == "__main__":
    sys.exit(main())
