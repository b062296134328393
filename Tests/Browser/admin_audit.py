"""The audit trail at a browser: sentences, search, the chain's state, export, and rows that somebody made to harm."""

import collections
import json
import pathlib
import sys
import time
import unicodedata
import urllib.parse

from trial.browser import Browsers
from trial.day import await_room
from trial.hostile_text import TEXTS
from trial.instance import ADMIN
from trial.server import Server, fresh_instance
from trial.tally import Tally

NAME, _, PASSWORD = ADMIN
OTHER = "harbour-Violet-31-anchor"
SETTINGS = {"SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}
EVIL = "<b onclick=alert(1)>{{page}}</b> \u202egnp.exe"


class Walk:
    def __init__(self, tally, browsers, server, scripts):
        self.tally, self.browsers, self.server, self.scripts = tally, browsers, server, scripts
        self.way = "with scripts" if scripts else "without scripts"

    def equal(self, name, found, wanted):
        self.tally.check(f"{name}, {self.way}", [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def holds(self, name, text, *words):
        self.tally.check(f"{name}, {self.way}", [f"no {word!r} in {text[:500]!r}" for word in words if word not in text])

    def person(self, **options):
        return self.browsers.person(self.server, self.scripts, **options)

    def rows(self, person):
        return person.page.locator("li.row")

    def search(self, reader, **fields):
        reader.open("/admin/audit")
        for name, value in fields.items():
            if name in ("action", "outcome"):
                reader.page.select_option(f"#{name}", value)
            else:
                reader.page.fill(f"#{name}", value)
        with reader.page.expect_navigation():
            reader.page.get_by_role("button", name="Search").click()

    def seen(self):
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            ada.press("Audit")
            self.equal("the menu leads there", ada.path, "/admin/audit")
            self.holds("sentences", ada.text, "ada signed in", "The account kim was added", "by root at the server's shell",
                       "The password of kim was reset", "reason: lost it")
            self.holds("the chain", ada.text, "The rows below are as they were written", "the newest row, and the end of the trail",
                       "The rows between were not")
            self.equal("no word of the program's", [row for row in self.rows(ada).all_inner_texts() if "session.begun" in row], [])
            chart = ada.page.locator("svg.chart")
            self.equal("thirty days", chart.locator("rect").count(), 30)
            self.equal("told in words", chart.locator("desc").text_content(), "1 in all, at most 1 on a day.")
            ada.page.locator("summary").click()
            self.equal("and in a table", ada.page.locator("tbody td").all_inner_texts(), ["0"] * 29 + ["1"])
            ada.look(f"audit-{self.scripts}")

    def searched(self):
        today = time.strftime("%Y-%m-%d", time.gmtime())
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            self.search(ada, person="KIM@example.org")
            texts = self.rows(ada).all_inner_texts()
            self.equal("all of kim's", (len(texts), [text for text in texts if "kim" not in text]), (2, []))
            self.search(ada, action="account.added")
            self.equal("what happened", {text.split("\n")[0].split(" ")[1] for text in self.rows(ada).all_inner_texts()}, {"account"})
            self.search(ada, outcome="refused")
            self.holds("the outcome", ada.page.inner_text("main"), "A sign-in as", "Refused")
            self.search(ada, person="kim", action="password.reset", **{"from": today, "to": today})
            self.equal("all together", self.rows(ada).count(), 1)
            self.equal("the form keeps it", (ada.page.input_value("#person"), ada.page.input_value("#action")),
                       ("kim", "password.reset"))
            link = ada.page.get_by_role("link", name="Export these").get_attribute("href")
            self.equal("so does the export", urllib.parse.parse_qs(urllib.parse.urlsplit(link).query),
                       {"person": ["kim"], "action": ["password.reset"], "from": [today], "to": [today]})
            ada.look(f"audit-found-{self.scripts}")
            self.search(ada, to="2020-01-01")
            self.holds("nothing then", ada.text, "Nothing like that was recorded")
            self.search(ada, **{"from": "2099-01-01"})
            self.holds("nor yet", ada.text, "Nothing like that was recorded")
            ada.press("Show everything")
            self.equal("everything again", ada.page.url.split("?")[-1].endswith("/admin/audit"), True)

    def paged(self):
        """Each row once, newest first, whatever is filtered."""
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            for fields in ({}, {"action": "session.refused"}):
                self.search(ada, **fields)
                found = []
                while True:
                    found += [int(row.removeprefix("row-")) for row in self.rows(ada).evaluate_all("(all) => all.map((row) => row.id)")]
                    if not ada.page.get_by_role("link", name="Older rows").count():
                        break
                    ada.press("Older rows")
                condition = f"WHERE row LIKE '%\"action\":\"{fields['action']}\"%'" if fields else f"WHERE sequence <= {found[0]}"
                stored = [row for (row,) in self.server.sql(f"SELECT sequence FROM audit {condition} ORDER BY sequence DESC")]
                self.equal(f"every row once {fields}", found, stored)
                self.equal("more than a page", len(found) > 40, True)

    def exported(self):
        with self.person(accept_downloads=True) as ada:
            ada.sign_in(NAME, PASSWORD)
            for fields, wanted in (({}, None), ({"action": "account.added"}, "account.added")):
                self.search(ada, **fields)
                with ada.page.expect_download() as waiting:
                    ada.page.locator("a[download]").click()
                file = waiting.value
                rows = [json.loads(line) for line in pathlib.Path(file.path()).read_text().splitlines()]
                condition = f"WHERE row LIKE '%\"action\":\"{wanted}\"%'" if wanted else ""
                stored = [row for (row,) in self.server.sql(f"SELECT sequence FROM audit {condition} ORDER BY sequence")]
                self.equal(f"the rows {wanted}", [row["sequence"] for row in rows], stored)
                self.equal("a name with its day", file.suggested_filename, time.strftime("audit-%Y-%m-%d.jsonl", time.gmtime()))
            status, out, _ = self.server.instance.run("audit", "export", "-")
            self.equal("the command writes the same", (status, [json.loads(line) for line in out.splitlines()][:3]), (0, self.first(ada)))

    def first(self, ada):
        answer = ada.context.request.get("/admin/audit/export")
        headers = answer.headers
        self.equal("kept by nobody", (headers["cache-control"], headers["content-disposition"].split(";")[0]),
                   ("no-store", "attachment"))
        return [json.loads(line) for line in answer.text().splitlines()][:3]

    def verified(self):
        """The whole chain by a button, and a row that somebody changed."""
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            ada.open("/admin/audit")
            ada.press("Check the whole trail")
            self.holds("it holds", ada.text, "of the trail are as they were written", "Head, to note elsewhere")
            ((number, row),) = self.server.sql("SELECT max(sequence) - 1, '' FROM audit")
            ((row,),) = self.server.sql(f"SELECT row FROM audit WHERE sequence = {number}")
            self.server.sql(f"UPDATE audit SET row = 'x' WHERE sequence = {number}")
            ada.open("/admin/audit")
            self.holds("a changed row is seen at once", ada.text, f"Row {number} is not as it was written", "A row that cannot be read")
            ada.press("Check the whole trail")
            self.holds("and named", ada.text, f"The trail does not hold: row {number} was changed", "Keep a copy of the database")
            ada.look(f"audit-broken-{self.scripts}")
            quoted = row.replace("'", "''")
            self.server.sql(f"UPDATE audit SET row = '{quoted}' WHERE sequence = {number}")

    def refused(self):
        with self.person() as mia:
            mia.open("/admin/audit")
            self.equal("nobody", mia.path, "/login")
            mia.fill(username="mia", password=OTHER)
            mia.press("Sign in")
            self.holds("a plain user", mia.text, "You may not do this")
            for path in ("/admin/audit", "/admin/audit/export"):
                self.equal(path, mia.open(path), 403)

    def hostile(self):
        """What a shell, a client or a stranger wrote into a row is text."""
        token = self.server.token()
        for text in TEXTS:
            self.server.call("POST", "/api/auth/login", {"username": text, "password": "x"}, headers={"User-Agent": "x"})
        names = [text for text in TEXTS if "\x00" not in text]
        for text in names[::8] + [EVIL]:
            self.server.instance.run("users", "set", "kim", "--display-name", "Kim", "--reason", text)
        kept = self.server.sql("SELECT row FROM audit ORDER BY sequence DESC LIMIT 60")
        # What no cleaning at the door has met: rows as an older version, or another hand, may have written them.
        for index, text in enumerate(names):
            row = json.dumps({"action": "account.changed", "at": 1_700_000_000_000_000, "kind": "operator", "outcome": "done",
                              "reason": text, "user": text, "username": text, "address": text}).replace("'", "''")
            self.server.sql(f"INSERT INTO audit (sequence, row, mac) VALUES ({10_000_000 + index}, '{row}', x'00')")
        seen, elements = [], set()
        with self.person() as ada:
            ada.sign_in(NAME, PASSWORD)
            ada.open("/admin/audit")
            while len(seen) < len(names):
                seen += self.rows(ada).all_text_contents()
                elements |= set(ada.page.evaluate("[...document.querySelectorAll('li.row *')].map((each) => each.localName)"))
                if len(seen) <= 40:
                    ada.look("audit-hostile")
                ada.press("Older rows")
        self.equal("all were shown", (len(seen) >= 200, len(kept)), (True, 60))
        self.equal("nothing but our elements", elements - {"div", "p", "bdi", "span", "time"}, set())
        self.equal("nothing that steers", [text for text in seen if any(unicodedata.category(each) in ("Cc", "Cf") and each != "\n"
                                                                         for each in text)], [])
        plain = [text for text in names if text.isprintable() and text.isascii() and len(text) < 100]
        everything = "\n".join(seen)
        self.equal("as they were written", [text for text in plain if text not in everything], [])
        self.server.sql("DELETE FROM audit WHERE sequence >= 10000000")
        self.server.call("POST", "/api/auth/logout", token=token)


def figures(server):
    """Time to the first byte and size, of a page that is asked for again and again by one person."""
    token = server.token()
    headers = {"Cookie": f"sparekey={token}", "Accept": "text/html"}
    found = collections.defaultdict(list)
    for path in ("/admin/requests", "/admin/audit", "/admin/audit?person=kim"):
        for _ in range(60):
            connection = server.connection()
            connection.connect()
            begun = time.perf_counter()
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            found[path].append((time.perf_counter() - begun) * 1000)
            size = len(response.read())
            connection.close()
        print(f"{path}: p50 {sorted(found[path])[30]:.1f} ms, {size / 1000:.1f} kB")
        yield f"{path} has {size} bytes" if size > 60_000 or response.status != 200 else None


def main():
    tally = Tally()
    await_room(300)
    with fresh_instance(settings=SETTINGS) as instance:
        for name in ("kim", "mia"):
            instance.add(name, f"{name}@example.org", OTHER, "--no-force-change")
        instance.must("reset-password", "kim", "--password-stdin", "--reason", "lost it", password=OTHER + "-new")
        with Server(instance) as server, Browsers() as browsers:
            walk = Walk(tally, browsers, server, True)
            for scripts in (True, False):
                Walk(tally, browsers, server, scripts).seen()
            for index in range(60):
                server.call("POST", "/api/auth/login", {"username": f"somebody{index}", "password": "x"})
            for scripts in (True, False):
                walk = Walk(tally, browsers, server, scripts)
                for step in (walk.searched, walk.paged, walk.exported, walk.verified, walk.refused):
                    step()
            tally.check("no page is too big", [each for each in figures(server) if each])
            Walk(tally, browsers, server, True).hostile()
    tally.check("every page, every answer and every line of the log", browsers.broken + server.broken)
    tally.finish("browser: audit")


if __name__ == "__main__":
    sys.exit(main())
