"""The attached programs as administrators at browsers see them, in every state, with and without JavaScript."""

import sys
import time

from trial.attached import PASSWORD, attached
from trial.browser import Browsers
from trial.instance import ADMIN
from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally

NAME, _, OWN = ADMIN
OTHER, NEW = "harbour-Violet-31-anchor", "meadow-Copper-74-signal"
SETTINGS = {"SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}


class Walk:
    def __init__(self, tally, browsers, server, scripts):
        self.tally, self.browsers, self.server, self.scripts = tally, browsers, server, scripts
        self.way = "with scripts" if scripts else "without scripts"

    def equal(self, name, found, wanted):
        self.tally.check(f"{name}, {self.way}", [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def holds(self, name, text, *words):
        self.tally.check(f"{name}, {self.way}", [f"no {word!r} in {text[:600]!r}" for word in words if word not in text])

    def person(self):
        return self.browsers.person(self.server, self.scripts)

    def seen(self):
        with self.person() as ada:
            ada.sign_in(NAME, OWN)
            ada.press("Apps")
            self.equal("the menu leads there", ada.path, "/admin/apps")
            deadline = time.monotonic() + SECONDS
            while ada.text.count("Not known yet") > 1 and time.monotonic() < deadline:
                ada.press("Look again")
            cards = {card.get_by_role("heading").first.inner_text(): card.inner_text() for card in ada.page.locator(".app").all()}
            self.equal("all of them", list(cards), ["git", "cards", "charts", "gone", "silent", "strange"])
            self.holds("ready", cards["git"], "Ready", "Gitea and Forgejo", "SQLite", "Ada", "reset 1", "old password put back")
            self.holds("a warning", cards["cards"], "Ready", "The hook refresh cannot be run", "None yet")
            self.holds("another program's", cards["charts"], "Does not fit its profile", "there is no such table")
            self.holds("gone", cards["gone"], "Cannot be reached", "<b>x</b>")
            self.holds("silent", cards["silent"], "postgres://site@127.0.0.1")
            self.holds("no profile", cards["strange"], "there is no such profile")
            self.equal("no secret", PASSWORD in ada.page.content(), False)
            ada.look(f"apps-{self.scripts}")

    def refused(self):
        with self.person() as kim:
            kim.sign_in("kim", OTHER)
            self.equal("not for a user", kim.open("/admin/apps"), 403)
            self.equal("nor in the menu", kim.page.get_by_role("link", name="Apps").count(), 0)


def main():
    tally = Tally()
    with fresh_instance(settings=SETTINGS) as instance:
        instance.add("kim", "kim@example.org", OTHER, "--no-force-change")
        with Server(instance) as server, Browsers() as browsers:
            with browsers.person(server) as ada:
                ada.sign_in(NAME, OWN)
                ada.open("/admin/apps")
                tally.check("nothing attached yet", [] if "No program is attached yet" in ada.text else [ada.text])
                ada.look("apps-none")
        tally.check("every page and line of the log", browsers.broken + server.broken)
        with attached(instance):
            instance.must("reset-password", "--app", "git", "ada", "--password-stdin", "--yes", "--no-backup", password=NEW)
            instance.must("undo", "1")
            with Server(instance) as server, Browsers() as browsers:
                for scripts in (True, False):
                    walk = Walk(tally, browsers, server, scripts)
                    walk.seen()
                    walk.refused()
    tally.check("every page, every answer and every line of the log", browsers.broken + server.broken)
    tally.finish("browser: apps")


if __name__ == "__main__":
    sys.exit(main())
