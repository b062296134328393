"""What a reset in a program's database of a million accounts costs beside one of two accounts: a real Django site's, on SQLite and on
the servers that dev/with-postgres and dev/with-mariadb started.

    programs.py [ACCOUNTS]

Whole processes, medians. The first reset is not measured: on SQLite it copies the database. Both sites store argon2id, and the
hash alone is timed by `hash verify`, less what a process takes to start; a reset computes it twice, to make and to prove it.
Ends with 1 where `apps check` or a reset takes 100 ms more than its hashes.
"""

import os
import statistics
import sys
import time

from table import Grid
from trial.django import Site
from trial.instance import discard, fresh_folder
from trial.operator import Operator
from trial.program import SQLite, kinds

ACCOUNTS, RUNS, BEYOND = 1_000_000, 11, 100
OLD, PASSWORDS = "harbour-Violet-31-anchor", ("meadow-Copper-74-signal", "another-Copper-74-anchor")
HASHER = ("argon2",)
COPIED = "id, username, email, password, first_name, last_name, is_superuser, is_staff, is_active, date_joined"
# Each doubles what is there.
DOUBLED = """INSERT INTO auth_user ({columns})
    SELECT id + {last}, {name}, {mail}, password, first_name, last_name, is_superuser, is_staff, is_active, date_joined
    FROM auth_user WHERE id <= {last} AND id <= {wanted} - {last}"""


class Place:
    """A site with as many accounts, attached under the name `site`."""

    def __init__(self, folder, kind, count):
        (folder / "site").mkdir(parents=True)
        self.program = kind(folder / "site/db.sqlite3") if kind is SQLite else kind(f"django_of_{count}")
        site = Site(folder / "site", self.program)
        site.manage("createsuperuser", "--noinput", "--username", "ada", "--email", "ada@example.org", hashers=HASHER,
                    DJANGO_SUPERUSER_PASSWORD=OLD)
        self._fill(count)
        self.operator = Operator(folder / "data")
        self._must("apps", "add", "site", "--database", str(self.program.address), "--profile", "django", "--yes")
        self.account = f"user{count}"
        self.reset(0)

    def _fill(self, count):
        last = 1
        while last < count:
            number = f"CAST(id + {last} AS {'CHAR' if self.program.name == 'MariaDB' else 'TEXT'})"
            name, mail = f"'user' || {number}", f"'user' || {number} || '@example.org'"
            if self.program.name == "MariaDB":
                name, mail = f"CONCAT('user', {number})", f"CONCAT('user', {number}, '@example.org')"
            self.program.execute(DOUBLED.format(columns=COPIED, name=name, mail=mail, last=last, wanted=count))
            last = min(2 * last, count)
        found = list(self.program.rows("SELECT count(*) AS n FROM auth_user")[0].values())[0]
        if found != count:
            raise RuntimeError(f"{found} accounts instead of {count}")

    def _must(self, *arguments, password=None):
        begun = time.perf_counter()
        answer = self.operator.sparekey(*arguments, password=password)
        took = (time.perf_counter() - begun) * 1000
        if problems := answer.expect(0):
            raise RuntimeError(f"{arguments}: {problems}")
        return took

    def reset(self, number):
        return self._must("reset-password", "--app", "site", self.account, "--password-stdin", "--yes",
                          password=PASSWORDS[number % 2])

    def check(self):
        return self._must("apps", "check", "site")

    def started(self):
        return self._must("--version")

    def hashed(self):
        stored = self.program.rows(f"SELECT password FROM auth_user WHERE username = '{self.account}'")[0]["password"]
        return self._must("hash", "verify", stored, "--password-stdin", password=PASSWORDS[0])


def medians(place, small):
    """Milliseconds of each act, the two sites taking turns; every second reset leaves the password that `hashed` verifies. What a
    reset takes beyond its hashes is of one turn: a processor is not as fast in the next."""
    took = {act: [] for act in ("started", "hashed", "check", "small check", "reset", "small reset", "beyond")}
    for number in range(RUNS):
        for act in ("started", "hashed", "check"):
            took[act].append(getattr(place, act)())
        took["small check"].append(small.check())
        for turn in (1, 0):
            took["reset"].append(place.reset(turn))
            took["small reset"].append(small.reset(turn))
        took["beyond"].append(took["reset"][-1] - 2 * (took["hashed"][-1] - took["started"][-1]))
    return {act: statistics.median(values) for act, values in took.items()}


def measured(kind, count, grid):
    folder = fresh_folder()
    places = [Place(folder / name, kind, accounts) for name, accounts in (("many", count), ("few", 2))]
    took = medians(*places)
    one = took["hashed"] - took["started"]
    for place in places:
        place.program.remove()
    discard(folder)
    grid.row(kind.name, [took["check"], took["small check"], took["reset"], took["small reset"], one, took["beyond"]])
    return max(took["check"], took["beyond"]) < BEYOND


def main():
    count = int(sys.argv[1]) if sys.argv[1:] else ACCOUNTS
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; medians of {RUNS}")
    grid = Grid(f"A program's database of {count:,} accounts, ms",
                ["check", "of two", "reset", "of two", "a hash", "beyond two"])
    sys.exit(0 if all([measured(kind, count, grid) for kind in kinds()]) else 1)


if __name__ == "__main__":
    main()
