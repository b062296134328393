"""A forgotten password from the first click to the sign-in: by a code that the console shows, and by a one-time link of the
command line; with and without JavaScript."""

import contextlib
import re
import sys
import urllib.parse

from trial.browser import Browsers
from trial.instance import ADMIN
from trial.server import Server, fresh_instance
from trial.tally import Tally

OLD = "harbour-Violet-31-anchor"
NEW = "copper-Violin-31-glacier"
LATER = "meadow-Anchor-64-sparrow"
PLAIN = {"SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}


class Walk:
    def __init__(self, tally, browsers, server, scripts):
        self.tally, self.browsers, self.server, self.scripts = tally, browsers, server, scripts
        self.way = "with scripts" if scripts else "without scripts"
        self.mark = int(scripts)
        server.secrets |= {OLD, NEW, LATER}

    def equal(self, name, found, wanted):
        self.tally.check(f"{name}, {self.way}", [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def holds(self, name, text, *words):
        self.tally.check(f"{name}, {self.way}", [f"no {word!r} in {text[:400]!r}" for word in words if word not in text])

    @contextlib.contextmanager
    def person(self):
        """Whoever walks here: no address that the browser came through may hold a token or a name."""
        with self.browsers.person(self.server, self.scripts) as person:
            asked = []
            person.page.on("request", lambda request: asked.append(request.url))
            yield person
            leaked = [url for url in asked for secret in self.server.secrets | {"example.org"} if secret in url]
            self.tally.check(f"nothing in an address, {self.way}", leaked)

    def add(self, name):
        self.server.instance.add(name, f"{name}@example.org", OLD, "--no-force-change")
        return name

    def status(self, name, password):
        return self.server.login(name, password).status

    def send(self, person, new, confirmation=None, **more):
        person.fill(new_password=new, confirm_password=confirmation or new, **more)
        person.press("Reset Password")

    def by_code(self):
        name = self.add(f"kim{self.mark}")
        with self.person() as kim, self.browsers.person(self.server, self.scripts) as elsewhere:
            elsewhere.sign_in(name, OLD)
            kim.open("/login")
            kim.press("Forgot password?")
            self.equal("the way from sign-in", kim.path, "/forgot-password")
            self.holds("it says what happens", kim.text, "What happens next", "server's console", "ask whoever runs this server",
                       "10 minutes")
            kim.look(f"forgot-{self.scripts}")
            kim.fill(username=f"{name}@example.org")
            kim.press("Generate Reset Code")
            self.equal("the second step", (kim.path, kim.page.input_value("#username")),
                       ("/forgot-password/code", f"{name}@example.org"))
            self.holds("it says whom to ask", kim.text, "If an account with that name exists", "10 minutes")
            self.equal("the code's field", [kim.page.get_attribute("#code", name) for name in ("inputmode", "autocomplete")],
                       ["numeric", "one-time-code"])
            kim.look(f"code-{self.scripts}")
            code = self.server.code(name)
            typed = f"{code[:3]} - {code[3:]}"
            self.send(kim, NEW, LATER, code=typed)
            self.holds("two that differ", kim.text, "The two passwords differ")
            self.equal("keeps what was typed", (kim.page.input_value("#username"), kim.page.input_value("#code")),
                       (f"{name}@example.org", typed))
            self.send(kim, f"{name}-{name}-{name}")
            self.holds("a rule that knows the account", kim.text, "Nothing was changed yet", "The code stays good")
            self.send(kim, NEW, code="000000" if code != "000000" else "000001")
            self.holds("a wrong code", kim.text, "That code is not right", "Nothing was changed")
            kim.look(f"code-refused-{self.scripts}")
            self.equal("the old password still works", self.status(name, OLD), 200)
            self.send(kim, NEW, code=typed)
            self.equal("done, and not signed in", (kim.path, "sparekey" in kim.cookies(), "sparekey-forgot" in kim.cookies()),
                       ("/login", False, False))
            self.holds("it is said", kim.text, "Your password was reset")
            kim.look(f"login-after-{self.scripts}")
            elsewhere.open("/account")
            self.equal("signed out elsewhere", elsewhere.path, "/login")
            kim.fill(username=name, password=NEW)
            kim.press("Sign in")
            self.equal("signed in", kim.path, "/account")
            self.holds("the owner sees it", kim.text, "Your password was reset with a code")
            self.equal("the old one is out", self.status(name, OLD), 401)

    def nobody(self):
        """A name that nobody has meets the same page."""
        pages = []
        for name in (self.add(f"lee{self.mark}"), f"nobody{self.mark}"):
            with self.person() as somebody:
                somebody.open("/forgot-password")
                somebody.fill(username=name)
                somebody.press("Generate Reset Code")
                token = re.search('name="csrf" value="([^"]*)"', somebody.page.content())[1]
                pages.append(somebody.page.content().replace(name, "NAME").replace(token, "TOKEN"))
        self.equal("one page for every name", pages[0], pages[1])

    def five_tries(self):
        name = self.add(f"max{self.mark}")
        with self.person() as max_:
            max_.open("/forgot-password")
            max_.fill(username=name)
            max_.press("Generate Reset Code")
            code = self.server.code(name)
            for wrong in [text for text in ("000000", "000001", "000002", "000003", "000004", "000005") if text != code][:5]:
                self.send(max_, NEW, code=wrong)
                self.holds("a wrong code", max_.text, "That code is not right")
            self.send(max_, NEW, code=code)
            self.holds("the right one after five", max_.text, "That code is not right")
            self.equal("nothing changed", self.status(name, OLD), 200)

    def token(self, name):
        """What the command line prints: the token, and the link of the public address."""
        out, err = self.server.instance.must("generate-reset-token", name, "--yes")
        token = out.strip()
        self.server.secrets.add(token)
        link = re.search(r"Link: (\S+)", err)[1]
        self.equal("the command's link", link, f"{PLAIN['SPAREKEY_PUBLIC_URL']}/reset-password#{token}")
        return token

    def follow(self, person, token):
        """Opens a link as a person does; without scripts the token is pasted."""
        before = urllib.parse.urlsplit(person.page.url).path
        person.page.goto(f"/reset-password#{token}")
        if self.scripts:
            person.page.wait_for_url(lambda url: "#" not in url and url.endswith(("/new", "/token")))
        else:
            self.equal("it waits to be pasted", person.path, "/reset-password")
            person.fill(token=token)
            person.press("Continue")
        return before

    def by_link(self):
        name = self.add(f"grace{self.mark}")
        token = self.token(name)
        with self.person() as grace, self.browsers.person(self.server, self.scripts) as elsewhere:
            elsewhere.sign_in(name, OLD)
            grace.open("/reset-password")
            grace.look(f"token-step-{self.scripts}")
            grace.open("/reset-password/new")
            self.equal("no step without a token", grace.path, "/reset-password")
            self.follow(grace, token)
            self.equal("on to the password", (grace.page.url, token in grace.page.content()),
                       (f"{self.server.address}/reset-password/new", False))
            self.equal("the cookie tells nothing", [name for name, cookie in grace.cookies().items() if token in cookie["value"]],
                       [])
            self.holds("the policy is told", grace.text, "Minimum 12 characters")
            grace.look(f"new-password-{self.scripts}")
            self.send(grace, NEW, LATER)
            self.holds("two that differ", grace.text, "The two passwords differ")
            self.send(grace, "password12345")
            self.holds("a weak one", grace.text, "too easy to guess", "The link stays good")
            grace.look(f"new-password-refused-{self.scripts}")
            grace.page.goto("/reset-password/new")
            self.send(grace, NEW)
            self.equal("done, and not signed in", (grace.path, "sparekey" in grace.cookies(), "sparekey-reset" in grace.cookies()),
                       ("/login", False, False))
            self.equal("the new one works", (self.status(name, NEW), self.status(name, OLD)), (200, 401))
            elsewhere.open("/account")
            self.equal("signed out elsewhere", elsewhere.path, "/login")
            self.spent(grace, token, name)

    def spent(self, grace, used, name):
        """Used, expired, mangled, made up: one page, which leads on."""
        expired = self.token(name)
        self.server.sql("UPDATE reset_token SET expires_at = 1 WHERE used_at IS NULL")
        live = self.token(name)
        mangled = ("0" if live[0] != "0" else "1") + live[1:]
        self.server.secrets.add(mangled)
        pages = set()
        for token in (used, expired, mangled, live[:-1], "0" * 64, "x"):
            self.follow(grace, token)
            pages.add(grace.text)
            self.holds("it says so", grace.text, "This link does not work", "Nothing was changed", "Ask for a reset code")
        self.equal("one page for all", len(pages), 1)
        grace.look(f"spent-link-{self.scripts}")
        grace.press("Ask for a reset code")
        self.equal("which leads on", grace.path, "/forgot-password")
        self.follow(grace, live)
        self.equal("the live one stays good", grace.path, "/reset-password/new")

    def by_administrator(self):
        """The link that an administrator makes opens the same way."""
        name = self.add(f"henry{self.mark}")
        identity = self.server.sql(f"SELECT id FROM account WHERE username = '{name}'")[0][0]
        answer = self.server.call("POST", f"/api/users/{identity}/reset-password", {"link": True}, self.server.token())
        token = answer.json["data"]["token"]
        self.server.secrets.add(token)
        self.equal("the link", answer.json["data"]["link"], f"{PLAIN['SPAREKEY_PUBLIC_URL']}/reset-password#{token}")
        with self.person() as henry:
            self.follow(henry, token)
            self.send(henry, NEW)
            self.equal("it works", (henry.path, self.status(name, NEW)), ("/login", 200))


def main():
    tally = Tally()
    with fresh_instance(settings=PLAIN) as instance, Server(instance) as server, Browsers() as browsers:
        server.secrets.add(ADMIN[2])
        for scripts in (True, False):
            walk = Walk(tally, browsers, server, scripts)
            for step in (walk.by_code, walk.nobody, walk.five_tries, walk.by_link, walk.by_administrator):
                step()
    tally.check("every page, every answer and every line of the log", browsers.broken + server.broken)
    tally.finish("browser: forgotten password")


if __name__ == "__main__":
    sys.exit(main())
