"""The administrators' inbox as people at browsers meet it: live, with and without JavaScript, hostile names included."""

import itertools
import sys
import time
import unicodedata

from trial.browser import Browsers
from trial.hostile_text import TEXTS
from trial.instance import ADMIN
from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally

NAME, _, PASSWORD = ADMIN
OTHER, NEW = "harbour-Violet-31-anchor", "meadow-Copper-74-signal"
SETTINGS = {"SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}
ASK = {"SPAREKEY_CODE_DELIVERY": "inbox", "SPAREKEY_APPROVAL": "one"}
OPEN, RECENT = "#open-requests", "#recent-requests"


class Walk:
    def __init__(self, tally, browsers, server, scripts):
        self.tally, self.browsers, self.server, self.scripts = tally, browsers, server, scripts
        self.way = "with scripts" if scripts else "without scripts"
        self.asked = itertools.count(len(server.sql("SELECT 1 FROM reset_request")) + 1)

    def equal(self, name, found, wanted):
        self.tally.check(f"{name}, {self.way}", [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def holds(self, name, text, *words):
        self.tally.check(f"{name}, {self.way}", [f"no {word!r} in {text[:400]!r}" for word in words if word not in text])

    def person(self, **options):
        return self.browsers.person(self.server, self.scripts, **options)

    def ask(self, name):
        """By a stranger, who knows no more than a name. Returns once the worker has looked at it."""
        number = next(self.asked)
        self.server.call("POST", "/api/password-reset/request", {"username": name})
        if name in ("kim", "lea", NAME, "eve"):
            self.server.wait_for(rb"requests approve %d\n" % number)
        return number

    def looked_at(self):
        """Returns once the worker has looked at all that was asked."""
        deadline = time.monotonic() + SECONDS
        while self.server.sql("SELECT 1 FROM reset_request WHERE state = 'new'"):
            if time.monotonic() > deadline:
                raise RuntimeError("requests are not looked at")
            time.sleep(0.02)

    def row(self, person, number):
        return person.page.locator(f"#request-{number}")

    def click(self, person, number, text):
        with person.page.expect_navigation():
            self.row(person, number).get_by_role("button", name=text).click()

    def helped(self):
        """Approve, show, hand on: the person is in again."""
        number = self.ask("kim")
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            ada.open("/admin/requests")
            self.holds("it waits", self.row(ada, number).inner_text(), "kim", "Waits for you", "from 127.0.0.1")
            ada.look(f"requests-{self.scripts}")
            self.click(ada, number, "Approve")
            self.holds("approved", ada.text, "Approved: there is a code now")
            self.holds("how long", self.row(ada, number).inner_text(), "Code works for", "minutes")
            self.equal("no code in the list", any(len(word) == 6 and word.isdigit() for word in ada.text.split()), False)
            self.click(ada, number, "Show code")
            groups = ada.page.locator(".code span").all_inner_texts()
            self.equal("two groups of three", [len(group) for group in groups], [3, 3])
            self.holds("how to hand it on", ada.text, "It works once", "Read it out like this", "Call the person")
            self.equal("no code in the address", "".join(groups) in ada.page.url, False)
            ada.look(f"revealed-{self.scripts}")
            answer = self.server.call("POST", "/api/password-reset/reset",
                                      {"username": "kim", "code": "".join(groups), "newPassword": self.fresh()})
            self.equal("it resets", answer.status, 200)
            ada.press("Back to the requests")
            self.holds("it is done", ada.page.inner_text(RECENT), "Done, code used")
            rows = self.server.sql("SELECT row FROM audit")
            self.equal("each showing is a row", sum("code.revealed" in row for (row,) in rows), self.shown())

    def fresh(self):
        """Another one each time: one's own last passwords are refused."""
        return NEW if self.scripts else OTHER + "-again"

    def shown(self):
        return 1 if self.scripts else 2

    def denied(self):
        number = self.ask("lea")
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            ada.open("/admin/requests")
            self.click(ada, number, "Deny")
            self.holds("denied", ada.text, "Denied: no code will come of that request")
            self.holds("it is below", ada.page.inner_text(RECENT), "Denied")
            self.equal("nothing more to press", self.row(ada, number).get_by_role("button").count(), 0)

    def both(self):
        """Two administrators, and one is faster; and nobody helps themselves."""
        number, own = self.ask("lea"), self.ask(NAME)
        with self.person() as ada, self.person() as eve:
            ada.sign_in(NAME, PASSWORD)
            eve.sign_in("eve", OTHER)
            for each in (ada, eve):
                each.open("/admin/requests")
            self.holds("one's own", self.row(ada, own).inner_text(), "nobody helps themselves here")
            self.equal("has no buttons", self.row(ada, own).get_by_role("button").count(), 0)
            self.equal("the other's has", self.row(eve, own).get_by_role("button").count(), 2)
            if not self.scripts:
                self.click(eve, number, "Approve")
                self.click(ada, number, "Approve")
                self.holds("somebody was faster", ada.text, "has a code that works", "Somebody may have been faster")
            self.server.call("POST", f"/api/reset-requests/{own}/deny", token=self.server.token("eve", OTHER))

    def aged(self):
        """SEC-15: the password once more, and back; nowhere else."""
        number = self.ask("lea")
        with self.person() as eve:
            eve.sign_in("eve", OTHER)
            self.server.sql("UPDATE session SET created_at = created_at - 601000000 WHERE account_id = "
                            "(SELECT id FROM account WHERE username = 'eve')")
            eve.open("/admin/requests")
            self.holds("it is said before", eve.text, "You signed in more than ten minutes ago")
            self.click(eve, number, "Deny")
            self.equal("asked again", (eve.path, eve.page.input_value("#username")), ("/login", "eve"))
            self.holds("and told why", eve.text, "Enter your password once more", "nothing was changed")
            eve.look(f"again-{self.scripts}")
            eve.fill(password=OTHER)
            eve.press("Sign in")
            self.equal("back", eve.path, "/admin/requests")
            self.click(eve, number, "Deny")
            self.holds("now it is done", eve.text, "Denied: no code")

    def refused(self):
        with self.person() as kim:
            kim.open("/admin/requests")
            self.equal("nobody", kim.path, "/login")
            kim.sign_in("mia", OTHER)
            self.equal("a plain user", kim.open("/admin/requests"), 403)
            self.holds("is told", kim.text, "You may not do this")
            kim.open("/account")
            self.equal("and not led there", "/admin" in kim.page.content(), False)

    def hostile(self):
        """Whatever is typed is text: nothing runs, nothing turns, nothing is bigger than the page."""
        for text in TEXTS:
            self.server.call("POST", "/api/password-reset/request", {"username": text})
        self.looked_at()
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            ada.open("/admin/requests")
            seen = []
            while True:
                seen += ada.page.locator("li.row bdi").all_text_contents()
                if len(seen) <= 30 or len(seen) > 210:
                    ada.look(f"requests-hostile-{len(seen)}")
                elements = ada.page.evaluate("[...document.querySelectorAll('li.row *')].map((each) => each.localName)")
                self.equal("nothing but our elements", set(elements) - {"div", "p", "bdi", "span", "time", "form", "input", "button"},
                           set())
                if not ada.page.get_by_role("link", name="Older requests").count() or len(seen) > len(TEXTS) + 30:
                    break
                ada.press("Older requests")
        steering = [text for text in seen if any(unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp") for each in text)]
        self.equal("nothing that steers", steering, [])
        plain = [text for text in TEXTS if text.isprintable() and text.isascii() and len(text) < 200]
        self.equal("all as they were typed", [text for text in plain if text not in seen], [])
        self.equal("200 of them", len(TEXTS) >= 200 and len(plain) >= 100, True)

    def live(self):
        """With scripts: new requests come by themselves, focus stays, and the end of the session is said."""
        with self.person() as ada:
            # The page's clock stands still: what changes by itself is told by the server, and not found by looking again.
            ada.page.add_init_script("setInterval = () => 0")
            ada.sign_in(NAME, PASSWORD)
            first = self.ask("lea")
            ada.open("/admin/requests")
            status = ada.page.locator("#live [role=status]")
            status.filter(has_text="Live").wait_for()
            held = self.row(ada, first).get_by_role("button", name="Deny")
            held.focus()
            ada.page.evaluate("window.unchanged = true")
            second = self.ask("kim")
            self.row(ada, second).wait_for()
            self.holds("announced", status.inner_text(), "1 new request")
            self.equal("no reload", ada.page.evaluate("window.unchanged"), True)
            self.equal("focus stays", held.evaluate("(each) => each === document.activeElement"), True)
            self.server.call("POST", f"/api/reset-requests/{first}/approve", token=self.server.token("eve", OTHER))
            self.row(ada, first).get_by_role("button", name="Show code").wait_for()
            self.equal("and is near when its row changes", self.row(ada, first).evaluate(
                "(row) => row === document.activeElement"), True)
            ada.look("requests-live")
            with self.person() as there:
                there.sign_in(NAME, PASSWORD)
                there.press("Sign out everywhere else")
                ada.page.locator("#over").wait_for()
            self.holds("that it is over", ada.text, "You are signed out here")
            self.equal("nothing to press any more", ada.page.locator("li.row button:enabled").count(), 0)
            ada.look("requests-over")
            ada.press("Sign in again")
            self.equal("to sign-in", ada.path, "/login")
            ada.fill(username=NAME, password=PASSWORD)
            ada.press("Sign in")
            self.equal("and back", ada.path, "/admin/requests")


def main():
    tally = Tally()
    with fresh_instance(settings=SETTINGS) as instance:
        for name, more in (("kim", ()), ("lea", ()), ("mia", ()), ("eve", ("--admin",))):
            instance.add(name, f"{name}@example.org", OTHER, "--no-force-change", *more)
        with Server(instance, settings=ASK) as server, Browsers() as browsers:
            for scripts in (True, False):
                walk = Walk(tally, browsers, server, scripts)
                for step in (walk.helped, walk.denied, walk.both, walk.aged, walk.refused):
                    step()
            Walk(tally, browsers, server, True).live()
            Walk(tally, browsers, server, True).hostile()
    tally.check("every page, every answer and every line of the log", browsers.broken + server.broken)
    tally.finish("browser: requests")


if __name__ == "__main__":
    sys.exit(main())
