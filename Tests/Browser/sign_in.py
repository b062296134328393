"""Signing in and out, a password that must be changed, and the account page, as a person walks them: with and without
JavaScript."""

import sys

from trial.browser import Browsers
from trial.instance import ADMIN
from trial.server import Server, fresh_instance
from trial.tally import Tally

NAME, EMAIL, PASSWORD = ADMIN
TEMPORARY = "plume-Walnut-77-harbor"
NEW = "copper-Violin-31-glacier"
LATER = "meadow-Anchor-64-sparrow"
HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "{{page}}{{{title}}}",
           "</title><svg onload=alert(1)>", "&lt;b&gt;&#x3c;", "javascript:alert(1)", "%3Cscript%3E", "a\\u003cb", "<!--", "]]>",
           "</style><style>*{display:none}"]
PLAIN = {"SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}


class Walk:
    def __init__(self, tally, browsers, server, scripts):
        self.tally, self.browsers, self.server, self.scripts = tally, browsers, server, scripts
        self.way = "with scripts" if scripts else "without scripts"

    def equal(self, name, found, wanted):
        self.tally.check(f"{name}, {self.way}", [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def holds(self, name, text, *words):
        self.tally.check(f"{name}, {self.way}", [f"no {word!r} in {text[:300]!r}" for word in words if word not in text])

    def person(self, **options):
        return self.browsers.person(self.server, self.scripts, **options)

    def add(self, name, *more):
        self.server.instance.add(name, f"{name}@example.org", PASSWORD, "--no-force-change", *more)

    def signing_in(self):
        with self.person() as ada:
            ada.open("/")
            self.equal("the start leads to sign-in", ada.path, "/login")
            ada.look(f"login-{self.scripts}")
            self.equal("the way to a reset", ada.page.get_attribute("text=Forgot password?", "href"), "/forgot-password")
            before = ada.cookies()
            pages = [self.refused(ada, name, password) for name, password in
                     ((NAME, "not it at all"), ("nobody", PASSWORD), ("nobody@example.org", "x"))]
            self.equal("refused alike", len(set(pages)), 1)
            ada.look(f"login-refused-{self.scripts}")
            ada.fill(username=EMAIL.upper(), password=PASSWORD)
            ada.press("Sign in")
            self.equal("signed in", ada.path, "/account")
            self.equal("cookies", (sorted(before), sorted(ada.cookies())),
                       (["sparekey-form"], ["sparekey", "sparekey-device", "sparekey-form"]))
            self.equal("nothing in the page's reach", ada.page.evaluate("document.cookie") if self.scripts else "", "")
            device = ada.cookies()["sparekey-device"]["value"]
            ada.open("/login")
            self.equal("sign-in leads on when signed in", ada.path, "/account")
            ada.press("Sign out")
            self.equal("signed out", (ada.path, "sparekey" in ada.cookies()), ("/login", False))
            ada.open("/account")
            self.equal("the account asks for a sign-in", ada.path, "/login")
            ada.fill(username=NAME, password=PASSWORD)
            ada.press("Sign in")
            self.equal("and leads back", ada.path, "/account")
            self.equal("the device stays the same", ada.cookies()["sparekey-device"]["value"], device)

    def refused(self, ada, name, password):
        ada.fill(username=name, password=password)
        ada.press("Sign in")
        self.holds("a refusal", ada.text, "The username or the password is not right")
        self.equal("keeps the name", ada.page.input_value("#username"), name)
        return ada.page.content().replace(name, "NAME").replace(' autofocus=""', "")

    def forced(self):
        """An administrator resets by the API; the person can do nothing but choose a password (PMX-2)."""
        name = f"grace{int(self.scripts)}"
        self.add(name)
        identity = self.server.sql(f"SELECT id FROM account WHERE username = '{name}'")[0][0]
        answer = self.server.call("POST", f"/api/users/{identity}/reset-password", {"newPassword": TEMPORARY},
                                  self.server.token())
        self.equal("the reset", answer.status, 200)
        with self.person() as grace:
            grace.sign_in(name, TEMPORARY)
            self.equal("leads to the change", grace.path, "/change-password")
            grace.look(f"forced-{self.scripts}")
            for path in ("/account", "/", "/login"):
                grace.open(path)
                self.equal(f"{path} leads to the change", grace.path, "/change-password")
            self.holds("it says why", grace.text, "Choose your own password", "Minimum 12 characters")
            self.equal("the policy is told to password managers", grace.page.get_attribute("#new-password", "passwordrules"),
                       "minlength: 12; allowed: ascii-printable;")
            self.change(grace, "not it", NEW, NEW)
            self.holds("a wrong current password", grace.text, "That is not your current password")
            self.change(grace, TEMPORARY, NEW, LATER)
            self.holds("two that differ", grace.text, "The two passwords differ")
            self.change(grace, TEMPORARY, "password12345", "password12345")
            self.holds("a weak one", grace.text, "too easy to guess")
            grace.look(f"change-refused-{self.scripts}")
            before = grace.cookies()["sparekey"]["value"]
            self.change(grace, TEMPORARY, NEW, NEW)
            self.equal("changed", grace.path, "/account")
            self.holds("it is said", grace.text, "Your password was changed", "An administrator reset your password")
            after = grace.cookies()["sparekey"]["value"]
            self.equal("a new id", (after != before, self.alive(before), self.alive(after)), (True, 401, 200))
            grace.look(f"account-{self.scripts}")

    def alive(self, secret):
        return self.server.call("GET", "/api/sessions", token=secret).status

    def change(self, person, current, new, confirmation):
        self.server.secrets |= {current, new, confirmation}
        person.fill(current_password=current, new_password=new, confirm_password=confirmation)
        person.press(person.page.inner_text("main button[type=submit]"))

    def sessions(self):
        """One ends another, then all others."""
        name = f"henry{int(self.scripts)}"
        self.add(name)
        with self.person() as here, self.person(user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:9) Firefox/9") as there:
            there.sign_in(name, PASSWORD)
            here.sign_in(name, PASSWORD)
            self.holds("both are listed", here.text, "Firefox on Linux", "This browser")
            with here.page.expect_navigation():
                here.page.locator("li", has_text="Firefox on Linux").get_by_role("button").click()
            self.holds("it is over", here.text, "That session is over")
            there.open("/account")
            self.equal("the other one is out", there.path, "/login")
            there.sign_in(name, PASSWORD)
            here.open("/account")
            here.press("Sign out everywhere else")
            self.holds("all others are over", here.text, "You are signed out everywhere else")
            there.open("/account")
            self.equal("the other one is out again", (there.path, here.path), ("/login", "/account"))

    def hostile(self):
        """Names and user agents are text, whatever they look like."""
        name = f"mallory{int(self.scripts)}"
        self.add(name)
        with self.person() as victim:
            victim.sign_in(name, PASSWORD)
            for text in HOSTILE:
                token = self.server.login(name, PASSWORD, headers={"User-Agent": text}).json["data"]["token"]
                quoted = text.replace("'", "''")
                self.server.sql(f"UPDATE account SET display_name = '{quoted}' WHERE username = '{name}'")
                victim.open("/account")
                self.equal(f"the name {text!r}", victim.page.inner_text("h1"), text)
                self.equal(f"the device {text!r}", text in victim.page.locator(".rows").first.inner_text(), True)
                self.server.call("POST", "/api/auth/logout", token=token)
                victim.open("/login?next=" + text)
                self.equal(f"the target {text!r}", victim.path, "/account")
            victim.press("Sign out")
            for text in HOSTILE:
                victim.fill(username=text, password="x")
                victim.press("Sign in")
                self.equal(f"the typed name {text!r}", victim.page.input_value("#username"), text)

    def problems(self):
        with self.person() as ada:
            self.equal("an unknown page", ada.open("/nothing-here"), 404)
            self.holds("says so", ada.text, "There is nothing here", "Your account is not affected")
            ada.look(f"problem-{self.scripts}")
            self.equal("an address of forms", ada.open("/sign-out"), 405)
            ada.open("/login")
            ada.context.clear_cookies()
            ada.fill(username=NAME, password=PASSWORD)
            ada.press("Sign in")
            self.holds("a form without its cookie", ada.text, "This form can no longer be used", "Nothing was changed")

    def checklist(self):
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            ada.open("/change-password")
            ada.look("change-password")
            ada.fill(new_password="short")
            first = ada.page.locator("#new-password-requirements li").first
            self.equal("not met yet", first.get_attribute("class"), "open")
            ada.fill(new_password=NEW)
            self.equal("met", first.get_attribute("class"), "met")
            ada.page.locator(".control", has=ada.page.locator("#new-password")).get_by_role("button").click()
            self.equal("shown", ada.page.get_attribute("#new-password", "type"), "text")


def main():
    tally = Tally()
    with fresh_instance(settings=PLAIN) as instance, Server(instance) as server, Browsers() as browsers:
        for scripts in (True, False):
            walk = Walk(tally, browsers, server, scripts)
            for step in (walk.signing_in, walk.forced, walk.sessions, walk.hostile, walk.problems):
                step()
        Walk(tally, browsers, server, True).checklist()
    tally.check("every page, every answer and every line of the log", browsers.broken + server.broken)
    tally.finish("browser: sign-in")


if __name__ == "__main__":
    sys.exit(main())
