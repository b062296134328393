"""The first start: an empty folder, a link on the console, and the first administrator made in a browser; with and without
JavaScript."""

import sys

from trial.browser import Browsers
from trial.instance import ADMIN
from trial.server import Server, fresh_instance
from trial.tally import Tally

NAME, EMAIL, PASSWORD = ADMIN
PLAIN = {"SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}
LINK = rb"(http://127\.0\.0\.1/setup)#([0-9a-f]{64})\n"


class Walk:
    def __init__(self, tally, server, scripts):
        self.tally, self.server, self.scripts = tally, server, scripts
        self.way = "with scripts" if scripts else "without scripts"

    def equal(self, name, found, wanted):
        self.tally.check(f"{name}, {self.way}", [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def holds(self, name, text, *words):
        self.tally.check(f"{name}, {self.way}", [f"no {word!r} in {text[:400]!r}" for word in words if word not in text])

    def follow(self, ada, token):
        ada.page.goto(f"/setup#{token}")
        if self.scripts:
            ada.page.wait_for_url(lambda url: "#" not in url and url.endswith(("/new", "/token")))
        else:
            ada.fill(token=f"http://127.0.0.1/setup#{token}")
            ada.press("Continue")

    def __call__(self, ada):
        (_, token), = self.server.wait_for(LINK)
        token = token.decode()
        asked = []
        ada.page.on("request", lambda request: asked.append(request.url))
        self.equal("on standard output, and not in the log", token.encode() in b"".join(self.server.lines), False)
        self.equal("sign-in is refused", self.server.login(NAME, PASSWORD).status, 401)
        for path in ("/", "/login", "/account", "/forgot-password", "/setup/new"):
            ada.open(path)
            self.equal(f"{path} leads to set-up", ada.path, "/setup")
        self.holds("it says how", ada.text, "Nobody has an account here yet", "sparekey setup")
        ada.look(f"setup-token-{self.scripts}")
        self.follow(ada, "0" * 64)
        self.holds("another link", ada.text, "This link does not work", "sparekey setup")
        ada.look(f"setup-spent-{self.scripts}")
        self.follow(ada, token)
        self.equal("on to the account", (ada.path, token in ada.page.content()), ("/setup/new", False))
        ada.look(f"setup-{self.scripts}")
        ada.fill(email="ada", domain="https://x/", new_password=PASSWORD, confirm_password="another")
        ada.press("Create administrator")
        self.holds("what is wrong", ada.text, "The two passwords differ", "without https://")
        ada.look(f"setup-refused-{self.scripts}")
        ada.fill(email=EMAIL, domain="files.example.org", new_password="files.example.org",
                 confirm_password="files.example.org")
        ada.press("Create administrator")
        self.holds("a weak password", ada.text, "Nothing was changed yet")
        ada.fill(display_name="Ada Lovelace", new_password=PASSWORD, confirm_password=PASSWORD)
        ada.press("Create administrator")
        self.equal("made, and not signed in", (ada.path, "sparekey" in ada.cookies()), ("/login", False))
        self.holds("it is said", ada.text, "Set-up is complete")
        ada.fill(username=NAME, password=PASSWORD)
        ada.press("Sign in")
        self.holds("signed in", ada.text, "Ada Lovelace", EMAIL)
        self.equal("an administrator", self.server.sql("SELECT username, role FROM account"), [(NAME, "admin")])
        (row,), = self.server.sql("SELECT row FROM audit WHERE row LIKE '%instance.setUp%'")
        self.holds("the trail says by what", row, "set-up link")
        self.equal("never in an address", [url for url in asked if token in url], [])
        ada.press("Sign out")
        ada.open("/setup")
        self.equal("no set-up any more", ada.path, "/login")
        rows = repr(self.server.sql("SELECT name FROM sparekey_meta"))
        self.equal("the link is gone", "set_up_link" in rows, False)


def main():
    tally, broken = Tally(), []
    with Browsers() as browsers:
        for scripts in (True, False):
            with fresh_instance(settings=PLAIN, prepared=False) as instance, Server(instance) as server:
                with browsers.person(server, scripts) as ada:
                    Walk(tally, server, scripts)(ada)
            broken += server.broken
        broken += browsers.broken
    tally.check("every page, every answer and every line of the log", broken)
    tally.finish("browser: set-up")


if __name__ == "__main__":
    sys.exit(main())
