"""What a person waits for: the first byte and the weight of every page, and of the accounts' pages among a million; also
`users list` of as many, as a whole process.

    pages.py [--postgres]       the latter under dev/with-postgres

One request at a time on an idle server, on a connection that is kept, as a browser's is; medians. The weight is a page with
all its files, before any compression. Ends with 1 where a bound is missed.
"""

import html
import json
import os
import re
import statistics
import subprocess
import sys
import time
import types
import urllib.parse

from serve import MANY, wait_until_quiet
from table import Table
from trial.instance import ADMIN, BINARY
from trial.many import add_numbered_copies
from trial.server import Server, fresh_instance

ASKED, RUN, WARM_UP = 60, 11, 5
FIRST_BYTE, INSTANT, PROCESS, WEIGHT = 10, 100, 80, 60
PLAIN = {"SPAREKEY_PUBLIC_URL": "http://127.0.0.1"}
LISTS = (("first page", ""), ("deep page", "?after=user0900000"), ("last page", "?after=user0999980"),
         ("one of the name", "?search=user0123456"), ("one of the e-mail", "?search=mail7654321%40"), ("nobody", "?search=zzz"),
         ("100,000 of the name", "?search=user05"), ("page within", "?search=user05&after=user0550000"),
         ("all of the name, deep", "?search=user&after=user0900000"), ("50,000 of the e-mail", "?search=mail1"),
         ("page within", "?search=mail1&after=mail15"), ("half a million", "?search=mail"),
         ("page within", "?search=mail&after=mail5%40"))
# Where the usernames end, 50,000 e-mails of people who were shown already are passed over: once in a search.
SEAM = ("where the e-mails begin", "?search=user05&after=user0599990")
COMMANDS = (("first page", ()), ("deep page", ("--after", "user0900000")), ("of the name", ("--search", "user05")),
            ("of the e-mail", ("--search", "mail1")))


class Visitor:
    """What a browser keeps: cookies, its connection, and the token of the last form."""

    def __init__(self, server, session=None):
        self.connection, self.cookies, self.token = server.connection(), {}, ""
        if session:
            self.cookies["sparekey"] = session

    def ask(self, method, path, body=None):
        """Status, body and milliseconds to the first byte."""
        headers = {"Accept": "text/html", "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        took = (time.perf_counter() - begun) * 1000
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                kept, content = value.split(";")[0].split("=", 1)
                self.cookies[kept] = content
        content = answer.read()
        if found := re.search(rb'name="csrf" value="([^"]*)"', content):
            self.token = found[1].decode()
        return answer.status, content, took

    def send(self, form, path, **fields):
        self.ask("GET", form)
        status, _, _ = self.ask("POST", path, urllib.parse.urlencode({"csrf": self.token} | fields))
        if status != 303:
            raise RuntimeError(f"the form of {form} was answered {status}")

    def judge(self, path, wanted=200):
        """Median milliseconds to the first byte of a page, and kilobytes of it with its files."""
        times = []
        for _ in range(WARM_UP + ASKED):
            status, page, took = self.ask("GET", path)
            if status != wanted:
                raise RuntimeError(f"{path} was answered {status}")
            times.append(took)
        files = {html.unescape(file) for file in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.decode())}
        weight = len(page) + sum(len(self.ask("GET", file)[1]) for file in files)
        return statistics.median(times[WARM_UP:]), weight / 1000


def row(table, name, found):
    took, weight = found
    table.row(f"{name}: first byte, ms", took, FIRST_BYTE)
    table.row("    with its files, kB", weight, WEIGHT)


def strangers(table, server, instance):
    visitor = Visitor(server)
    for path, status in (("/login", 200), ("/forgot-password", 200), ("/reset-password", 200), ("/nothing-here", 404)):
        row(table, path, visitor.judge(path, status))
    visitor.send("/forgot-password", "/forgot-password", username=ADMIN[0])
    row(table, "/forgot-password/code", visitor.judge("/forgot-password/code"))
    token, _ = instance.must("generate-reset-token", ADMIN[0])
    visitor.send("/reset-password", "/reset-password/token", token=token.strip())
    row(table, "/reset-password/new", visitor.judge("/reset-password/new"))


def signed_in(table, server, session):
    visitor = Visitor(server, session)
    identity = server.sql("SELECT id FROM account WHERE username = 'user0123456'")[0][0]
    for path in ("/account", "/change-password", "/admin/requests", "/admin/audit", "/admin/users/new"):
        row(table, path, visitor.judge(path))
    for place in ("", "/reset", "/delete"):
        row(table, f"/admin/users/ID{place}", visitor.judge(f"/admin/users/{identity}{place}"))
    print(f"/admin/users among {MANY:,} accounts")
    for name, query in LISTS:
        row(table, f"  users of a million, {name}", visitor.judge(f"/admin/users{query}"))
    name, query = SEAM
    table.row(f"  users of a million, {name}: first byte, ms", visitor.judge(f"/admin/users{query}")[0], INSTANT)


def commands(table, instance):
    print(f"sparekey users list among {MANY:,} accounts, the whole process")
    for name, options in COMMANDS:
        times = []
        for _ in range(RUN + 1):
            begun = time.perf_counter()
            out = subprocess.run([BINARY, "users", "list", "--json", *options], env=instance.environment(), check=True,
                                 stdin=subprocess.DEVNULL, capture_output=True).stdout
            times.append((time.perf_counter() - begun) * 1000)
            if len(json.loads(out)["users"]) != 100:
                raise RuntimeError(f"users list {options} finds too few")
        table.row(f"  users list, {name}: ms", statistics.median(times[1:]), PROCESS)


def set_up_page(table):
    with fresh_instance(settings=PLAIN, prepared=False) as instance, Server(instance) as server:
        row(table, "/setup", Visitor(server).judge("/setup"))


def main():
    postgres = "--postgres" in sys.argv
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors, {'PostgreSQL' if postgres else 'SQLite'}")
    table = Table(f"Pages, {'PostgreSQL' if postgres else 'SQLite'}")
    set_up_page(table)
    with fresh_instance(postgres, settings=PLAIN) as instance:
        begun = time.monotonic()
        add_numbered_copies(instance, ADMIN[0], MANY)
        print(f"(a million accounts written in {time.monotonic() - begun:.0f} s)")
        with Server(instance) as server:
            # It reads all accounts once at first, for the kinds of hashes there are.
            wait_until_quiet(types.SimpleNamespace(pid=server.process.pid))
            strangers(table, server, instance)
            signed_in(table, server, server.token())
        commands(table, instance)
    sys.exit(1 if table.missed else 0)


if __name__ == "__main__":
    main()
