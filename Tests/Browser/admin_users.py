"""Administrators at /admin/users: finding people, adding, changing and deleting them, and the reset that the key opens.

With `--million FILES` nothing is walked: it measures the list among a million accounts, once warm, one request at a time."""

import gzip
import html
import re
import statistics
import sys
import time
import urllib.parse

from sign_in import HOSTILE, PLAIN
from trial.browser import Browsers
from trial.instance import ADMIN
from trial.many import add_copies
from trial.server import Server, fresh_instance
from trial.tally import Tally

NAME, EMAIL, PASSWORD = ADMIN
TYPED = "plume-Walnut-77-harbor"
OWN = "copper-Violin-31-glacier"
SECOND = "meadow-Anchor-64-sparrow"


class Walk:
    def __init__(self, tally, browsers, server, scripts):
        self.tally, self.browsers, self.server, self.scripts = tally, browsers, server, scripts
        self.way = "with scripts" if scripts else "without scripts"
        self.mark = "s" if scripts else "n"

    def equal(self, name, found, wanted):
        self.tally.check(f"{name}, {self.way}", [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def holds(self, name, text, *words):
        self.tally.check(f"{name}, {self.way}", [f"no {word!r} in {text[:400]!r}" for word in words if word not in text])

    def person(self, name=None, password=PASSWORD, **options):
        return self.browsers.person(self.server, self.scripts, **options)

    def add(self, name, *more):
        name = f"{name}-{self.mark}"
        self.server.instance.add(name, f"{name}@example.org", PASSWORD, "--no-force-change", *more)
        return name, self.server.sql(f"SELECT id FROM account WHERE username = '{name}'")[0][0]

    def sent(self, person, press):
        """Presses what sends a form: a page without scripts, an answer in the dialog with them."""
        button = person.page.locator("dialog[open], main").last.get_by_role("button", name=press, exact=True).first
        if self.in_dialog(person):
            with person.page.expect_response(lambda answer: answer.request.method == "POST"
                                             and not answer.url.endswith("/strength")):
                button.click()
            # Not by a function of the page's own: it would wait by eval, which the page's policy forbids.
            person.page.locator("dialog form[data-sent]").wait_for(state="detached")
        else:
            with person.page.expect_navigation():
                button.click()

    def in_dialog(self, person):
        return person.page.locator("dialog[open]").count() > 0

    def key(self, person, name):
        person.open(f"/admin/users?search={name}")
        link = person.page.get_by_role("link", name=f"Reset password: {name}", exact=True)
        if self.scripts:
            link.click()
            person.page.wait_for_selector("dialog[open] h1")
        else:
            with person.page.expect_navigation():
                link.click()

    def secret(self, person):
        found = person.page.inner_text(".secret code")
        self.server.secrets.add(found.split("#")[-1])
        return found

    def list(self):
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            ada.press("Users")
            self.equal("the list", ada.path, "/admin/users")
            ada.look(f"users-{self.scripts}")
            seen, pages = [], 0
            while True:
                seen += [name.split()[0] for name in ada.page.locator("tbody th").all_inner_texts()]
                pages += 1
                if not ada.page.get_by_role("link", name="Next page").count():
                    break
                ada.press("Next page")
            all_names = [row[0] for row in self.server.sql("SELECT username FROM account ORDER BY username_key")]
            self.equal("every account once, in order", (seen, pages), (all_names, -(-len(all_names) // 25)))
            ada.press("First page")
            self.equal("the first page again", ada.page.locator("tbody th").first.inner_text().split()[0], all_names[0])
            ada.fill(search="  CROWD-0500@")
            ada.press("Find")
            self.equal("found by e-mail", ada.page.locator("tbody th").all_inner_texts(), ["crowd-0500"])
            ada.fill(search="no such+person & <b>")
            ada.press("Find")
            self.holds("nobody", ada.text, "Nobody has a username or e-mail that begins like this")
            self.equal("the search stays", ada.page.input_value("#search"), "no such+person & <b>")
            ada.press("Show everybody")
            self.equal("everybody again", ada.page.locator("tbody tr").count(), 25)

    def by_link(self):
        name, _ = self.add("linked")
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            self.key(ada, name)
            ada.look(f"reset-{self.scripts}")
            self.sent(ada, "Make a link")
            link = self.secret(ada)
            self.equal("a link of this server", re.sub("[0-9a-f]{64}$", "", link), "http://127.0.0.1/reset-password#")
            self.equal("a code to scan", ada.page.get_by_role("img", name="The link as a QR code").count(), 1)
            ada.look(f"handover-link-{self.scripts}")
            self.not_again(ada, name)
            self.holds("the old password still works", str(self.server.login(name, PASSWORD).status), "200")
            answer = self.server.call("POST", "/reset-password", {"token": link.split("#")[1], "new_password": OWN})
            self.server.secrets.add(OWN)
            self.equal("the link works", (answer.status, self.server.login(name, OWN).status), (200, 200))

    def not_again(self, ada, name):
        """What was shown once is nowhere to be found, and loading the page again does nothing."""
        counts = "SELECT (SELECT count(*) FROM reset_token), (SELECT count(*) FROM reset)"
        before, shown = self.server.sql(counts), self.secret(ada)
        self.equal("not in an address", shown in ada.page.url, False)
        ada.page.reload()
        self.equal("shown once", shown in ada.page.content(), False)
        self.equal("nothing was done again", self.server.sql(counts), before)
        if not self.scripts:
            self.holds("it says so", ada.text, "this form has done its work already")

    def by_generated(self):
        name, _ = self.add("generated")
        with self.person() as ada, self.person() as grace:
            ada.sign_in(NAME, PASSWORD)
            self.key(ada, name)
            self.sent(ada, "Generate and set one")
            password = self.secret(ada)
            self.equal("sixteen characters", len(password), 16)
            self.holds("what to say", ada.text, "At the next sign-in they must choose their own", "It works until")
            ada.look(f"handover-password-{self.scripts}")
            self.not_again(ada, name)
            self.must_change(grace, name, password)

    def by_typed(self):
        name, _ = self.add("typed")
        with self.person() as ada, self.person() as grace:
            ada.sign_in(NAME, PASSWORD)
            self.key(ada, name)
            for password, words in (("password12345", "too easy to guess"), (f"{name}-2026", "It is too easy to guess")):
                ada.fill(new_password=password)
                self.sent(ada, "Set this password")
                self.holds(f"the reason against {password}", ada.text, "Nothing was changed", words)
            ada.look(f"reset-refused-{self.scripts}")
            ada.fill(new_password=TYPED)
            self.sent(ada, "Set this password")
            self.equal("shown once", self.secret(ada), TYPED)
            self.must_change(grace, name, TYPED)

    def must_change(self, person, name, password):
        person.sign_in(name, password)
        self.equal("they must change it", person.path, "/change-password")
        self.server.secrets |= {OWN}
        person.fill(current_password=password, new_password=OWN, confirm_password=OWN)
        person.press("Save and continue")
        self.equal("and are in", person.path, "/account")

    def adding(self):
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            ada.open("/admin/users")
            ada.press("Add user")
            ada.look(f"new-user-{self.scripts}")
            self.server.secrets.add(SECOND)
            ada.fill(username=f"Fresh-{self.mark}", email=f"fresh-{self.mark}@example.org", display_name="Fresh <i>")
            ada.press("Add user")
            self.holds("a link afterwards", ada.text, "The account is added", f"A link for Fresh-{self.mark}")
            self.secret(ada)
            ada.open("/admin/users/new")
            ada.fill(username=f"fresh-{self.mark}")
            ada.press("Add user")
            self.holds("taken", ada.text, "Nobody was added yet", "is taken")
            ada.fill(username=f"second-{self.mark}")
            ada.page.check("#way-password")
            ada.fill(new_password="password12345")
            ada.press("Add user")
            self.holds("a weak password", ada.text, "too easy to guess")
            self.equal("the way stays", ada.page.is_checked("#way-password"), True)
            ada.page.check("#admin")
            ada.fill(new_password=SECOND)
            ada.press("Add user")
            self.equal("shown once", self.secret(ada), SECOND)
            self.equal("an administrator who must change it", self.server.sql(
                f"SELECT role, require_password_change FROM account WHERE username = 'second-{self.mark}'"), [("admin", 1)])

    def changing(self):
        name, identity = self.add("changed")
        with self.person() as ada, self.person() as grace:
            grace.sign_in(name, PASSWORD)
            ada.sign_in(NAME, PASSWORD)
            ada.open(f"/admin/users?search={name}")
            ada.press("Edit")
            ada.look(f"user-{self.scripts}")
            self.holds("where they are", ada.text, "in one place")
            ada.press("Sign out everywhere")
            grace.open("/account")
            self.equal("they are out", grace.path, "/login")
            grace.sign_in(name, PASSWORD)
            ada.press("Require a new password")
            grace.open("/account")
            self.equal("they must choose another", grace.path, "/change-password")
            ada.press("Disable")
            self.holds("disabled", ada.text, "Disabled. Nobody can sign in")
            self.equal("nobody gets in", self.server.login(name, PASSWORD).status, 401)
            ada.look(f"user-disabled-{self.scripts}")
            ada.press("Enable")
            self.equal("they get in", self.server.login(name, PASSWORD).status, 200)
            ada.fill(username=NAME.upper())
            ada.press("Save")
            self.holds("a name that is taken", ada.text, "Nothing was changed", "is taken")
            ada.fill(username=name, email="")
            ada.press("Save")
            self.holds("an e-mail stays", ada.text, "not taken away")
            ada.fill(email=f"other-{self.mark}@example.org", display_name="Other")
            ada.page.check("#admin")
            ada.press("Save")
            self.equal("saved", (ada.path, self.server.sql(
                f"SELECT email, display_name, role FROM account WHERE id = '{identity}'")),
                (f"/admin/users/{identity}", [(f"other-{self.mark}@example.org", "Other", "admin")]))
            ada.press("Delete this account")
            ada.look(f"delete-{self.scripts}")
            self.holds("what will be lost", ada.text, f"Delete {name}?", "cannot be undone", "An administrator of this server")
            ada.press("Delete for good")
            self.equal("gone", (ada.path, self.server.sql(f"SELECT id FROM account WHERE id = '{identity}'")),
                       ("/admin/users", []))
            self.holds("it says so", ada.text, "The account is deleted")
            self.equal("an account that is gone", ada.open(f"/admin/users/{identity}"), 404)

    def own(self):
        """The caller's own account, who is also the last administrator: nothing but the names."""
        identity = self.server.sql(f"SELECT id FROM account WHERE username = '{NAME}'")[0][0]
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            ada.open(f"/admin/users?search={NAME}")
            row = ada.page.locator("tbody tr", has_text="you")
            self.equal("edit only", row.get_by_role("link").all_text_contents(), [f"Edit: {NAME}"])
            for place in ("reset", "delete"):
                self.equal(place, ada.open(f"/admin/users/{identity}/{place}"), 403)
                self.holds(f"{place} says what to do instead", ada.text, "Change your password", "your own account")
            ada.look(f"own-refused-{self.scripts}")
            ada.press("Change your password")
            self.equal("the way there", ada.path, "/change-password")
            ada.open(f"/admin/users/{identity}")
            self.equal("no role to give away", ada.page.locator("#admin").count(), 0)
            token = ada.page.get_attribute("[name=csrf]", "value")
            cookies = "; ".join(f"{name}={cookie['value']}" for name, cookie in ada.cookies().items())
            for act in ("disable", "unlock", "end-sessions", "require-change", "delete", "reset"):
                fields = {"csrf": token, "way": "generate", "mark": "x"}
                answer = self.server.call("POST", f"/admin/users/{identity}/{act}", urllib.parse.urlencode(fields), headers={
                    "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"})
                self.equal(f"{act} of one's own", answer.status, 403)
            self.equal("nothing was lost", self.server.sql(
                f"SELECT role, active, require_password_change FROM account WHERE id = '{identity}'"), [("admin", 1, 0)])

    def plain_user(self):
        name, identity = self.add("plain")
        places = ("", "/new", *(f"/{identity}{place}" for place in ("", "/reset", "/delete")))
        with self.person() as paul:
            paul.open(f"/admin/users/{identity}/reset")
            self.equal("a sign-in first", paul.page.url.split("?")[1], f"next=reset.{identity}")
            paul.sign_in(name, PASSWORD)
            self.equal("nothing of it in the menu", paul.page.get_by_role("link", name="Users").count(), 0)
            for place in places:
                self.equal(f"refused: {place}", paul.open(f"/admin/users{place}"), 403)
            self.holds("and told", paul.text, "Only an administrator may do this")
            paul.open("/account")
            token = paul.page.get_attribute("[name=csrf]", "value")
            cookies = "; ".join(f"{name}={cookie['value']}" for name, cookie in paul.cookies().items())
            for place in ("/new", *(f"/{identity}{act}" for act in (
                    "", "/reset", "/delete", "/disable", "/enable", "/unlock", "/end-sessions", "/require-change", "/strength"))):
                answer = self.server.call("POST", f"/admin/users{place}", urllib.parse.urlencode({"csrf": token}), headers={
                    "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"})
                self.equal(f"refused to send: {place}", answer.status, 403)

    def stale(self):
        """A sign-in of more than ten minutes ago: the password again, and back."""
        name, identity = self.add("waiting")
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            old = "UPDATE session SET created_at = created_at - 601000000 WHERE account_id = " \
                f"(SELECT id FROM account WHERE username = '{NAME}')"
            self.server.sql(old)
            ada.open(f"/admin/users?search={name}")
            link = ada.page.get_by_role("link", name=f"Reset password: {name}", exact=True)
            with ada.page.expect_navigation(url="**/login**"):
                link.click()
            self.holds("it says why", ada.text, "Enter your password once more")
            self.equal("as whom", ada.page.input_value("#username"), NAME)
            ada.look(f"again-{self.scripts}")
            ada.fill(password=PASSWORD)
            ada.press("Sign in")
            self.equal("and back", ada.path, f"/admin/users/{identity}/reset")
            self.server.sql(old)
            self.sent(ada, "Make a link")
            self.equal("a form that waited too long", ada.path, "/login")
            for target in (f"reset.{identity}/../..", "reset.//evil.example", f"steal.{identity}", "https://evil.example"):
                ada.open(f"/login?next={target}")
                self.equal(f"the target {target!r}", ada.path, "/account")

    def hostile(self):
        name, identity = self.add("mallory")
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            for text in HOSTILE:
                quoted = text.replace("'", "''")
                self.server.sql(f"UPDATE account SET display_name = '{quoted}', username = '{quoted}' WHERE id = '{identity}'")
                ada.open(f"/admin/users?search={name}")
                self.equal(f"in the list: {text!r}", (ada.page.locator("tbody th").first.text_content().strip(),
                           ada.page.locator("tbody td").first.text_content()), (text, text))
                ada.open(f"/admin/users/{identity}/reset")
                self.holds(f"in the reset: {text!r}", ada.page.text_content("h1"), text)
                ada.open(f"/admin/users/{identity}")
                self.equal(f"in the form: {text!r}", ada.page.input_value("#username"), text)


class Dialog(Walk):
    """What only scripts do."""

    def countdown(self):
        name, _ = self.add("counted")
        with self.person() as ada:
            ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
            ada.sign_in(NAME, PASSWORD)
            ada.page.clock.install()
            self.key(ada, name)
            self.sent(ada, "Generate and set one")
            password = self.secret(ada)
            # A page's clock runs on by itself until it is stopped.
            ada.page.clock.pause_at("2040-01-01")
            ada.page.clock.run_for(60_000)
            self.equal("open until it is copied", self.in_dialog(ada), True)
            ada.page.get_by_role("button", name="Copy").click()
            ada.page.wait_for_selector(".count:not([hidden])")
            self.equal("copied", ada.page.evaluate("navigator.clipboard.readText()"), password)
            ada.page.clock.run_for(4_000)
            self.equal("counting", ada.page.inner_text(".count"), "Closes in 6 s")
            ada.page.get_by_role("button", name="Keep it open").click()
            ada.page.clock.resume()
            ada.look("handover-counting")
            ada.page.clock.pause_at("2041-01-01")
            self.equal("held open", (self.in_dialog(ada), ada.page.inner_text(".count")), (True, "Closes in 6 s"))
            ada.page.get_by_role("button", name="Go on closing").click()
            ada.page.clock.run_for(5_900)
            self.equal("nearly", self.in_dialog(ada), True)
            ada.page.clock.run_for(200)
            self.equal("closed, and gone from the page", (self.in_dialog(ada), password in ada.page.content(), ada.path),
                       (False, False, "/admin/users"))
            # The browser gives the focus back in a turn of its own.
            ada.page.wait_for_selector("a.key:focus")
            self.equal("back at the key", ada.page.evaluate("document.activeElement.className"), "button quiet small key")

    def strength(self):
        name, _ = self.add("judged")
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            self.key(ada, name)
            for password, level, words in (("password12345", "not accepted", "too easy to guess"),
                                           (f"{name}{name}", "not accepted", "user name"), (TYPED, "strong", "")):
                self.server.secrets.add(password)
                with ada.page.expect_response("**/strength"):
                    ada.fill(new_password=password)
                ada.page.locator(".strength", has_text=words).get_by_text(level, exact=True).wait_for()
                self.holds(f"what is said of {password}", ada.page.inner_text(".strength"), level, words)
            first = ada.page.locator("#new-password-requirements li").first
            self.equal("the checklist", first.get_attribute("class"), "met")
            ada.look("reset-strong")
            ada.page.keyboard.press("Escape")
            # The browser tells the page of the close in a later turn.
            ada.page.locator("#new-password").wait_for(state="detached")
            self.equal("dismissed", (self.in_dialog(ada), ada.page.locator("#new-password").count()), (False, 0))


def links_only(tally, browsers):
    with fresh_instance(settings=PLAIN | {"SPAREKEY_ALLOW_ADMIN_PASSWORDS": "false"}) as instance, Server(instance) as server:
        for scripts in (True, False):
            walk = Walk(tally, browsers, server, scripts)
            name, _ = walk.add("only")
            with walk.person() as ada:
                ada.sign_in(NAME, PASSWORD)
                walk.key(ada, name)
                walk.equal("links only", ada.page.locator("#new-password").count(), 0)
                walk.sent(ada, "Make a link")
                walk.secret(ada)
                ada.open("/admin/users/new")
                walk.equal("for new accounts too", ada.page.locator("#new-password").count(), 0)
    return server.broken


def million():
    """The list among a million accounts: time to the first byte, and the weight of a whole page."""
    with fresh_instance(settings=PLAIN) as instance:
        instance.add("crowd", "crowd@example.org", PASSWORD, "--no-force-change")
        add_copies(instance, "crowd", (f"crowd-{number:07}" for number in range(1_000_000)))
        with Server(instance) as server:
            secret = server.token()
            connection = server.connection()
            for path in ("", "?search=crowd-05", "?search=crowd-0999999%40", "?after=crowd-0500000", "?search=crowd&after=crowd-0900000"):
                times = []
                for _ in range(60):
                    begun = time.perf_counter()
                    connection.request("GET", f"/admin/users{path}", headers={"Cookie": f"sparekey={secret}", "Accept": "text/html"})
                    response = connection.getresponse()
                    times.append((time.perf_counter() - begun) * 1000)
                    body = response.read()
                assets = [server.call("GET", html.unescape(file)).body for file in re.findall(r'(?:href|src)="(/assets/[^"]+)"', body.decode())]
                print(f"/admin/users{path}: {response.status}, first byte p50 {statistics.median(times):.1f} ms, page {len(body)} B, "
                      f"with its files {len(body) + sum(map(len, assets))} B, gzipped {len(gzip.compress(body))} B")


def main():
    if "--million" in sys.argv:
        return million()
    tally = Tally()
    with fresh_instance(settings=PLAIN) as instance, Browsers() as browsers:
        instance.add("crowd", "crowd@example.org", PASSWORD, "--no-force-change")
        add_copies(instance, "crowd", (f"crowd-{number:04}" for number in range(1, 1001)))
        with Server(instance) as server:
            for scripts in (True, False):
                walk = Walk(tally, browsers, server, scripts)
                for step in (walk.list, walk.own, walk.by_link, walk.by_generated, walk.by_typed, walk.adding, walk.changing,
                             walk.plain_user, walk.stale, walk.hostile):
                    step()
            dialog = Dialog(tally, browsers, server, True)
            dialog.countdown()
            dialog.strength()
        broken = server.broken + links_only(tally, browsers)
    tally.check("every page, every answer and every line of the log", browsers.broken + broken)
    tally.finish("browser: administrators and users")


if __name__ == "__main__":
    sys.exit(main())
