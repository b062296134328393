"""What a forgotten password costs: a request for a code, the worker's part and the delivery included, beside Django's with
allauth, which sends a mail to nowhere.

    forgotten.py [NAMES]

NAMES, 10,000 if nothing is said, are asked for once each by sixteen who ask at the same time, half of the names existing;
Django for a twentieth as many. One who asks alone is timed as well: what comes at once shares transactions. Limits count,
and are raised. CPU is what the kernel counts for the whole tree of processes until every request is decided. Ends with 1
where a bound is missed.
"""

import concurrent.futures
import contextlib
import http.client
import json
import os
import sqlite3
import statistics
import sys
import threading
import time
import urllib.parse

from serve import django, sparekey
from table import Table
from trial import cost
from trial.instance import ADMIN, Instance, discard, fresh_folder
from trial.many import add_copies

BATCH, WARM_UP, ASKING = 250, 250, 16
RAISED = {"SPAREKEY_LIMITS": "standard", "SPAREKEY_LIMITS_REQUEST": "100000/100000"}
# Of the time it took: batches of one kind only, as nobody outside can see them; HTTP/code_timing.py is about what somebody can.
BOUND, APART, TIME_APART = 0.6, 0.05, 0.10


class Forgotten:
    """Those who ask for one name after the other."""

    def __init__(self, server, path, form, headers, status, settled, asking=ASKING):
        self.server, self.path, self.form, self.headers, self.status = server, path, form, headers, status
        self.settled, self.own = settled, threading.local()
        self.crowd = concurrent.futures.ThreadPoolExecutor(asking)

    def ask(self, name):
        """Milliseconds until it was answered."""
        if not hasattr(self.own, "connection"):
            # gunicorn ends a connection after each answer; http.client opens the next by itself.
            self.own.connection = http.client.HTTPConnection(*self.server.address, timeout=30)
        begun = time.perf_counter()
        self.own.connection.request("POST", self.path, self.form(name), self.headers)
        answer = self.own.connection.getresponse()
        answer.read()
        if answer.status != self.status:
            raise RuntimeError(f"asking for {name} was answered {answer.status}")
        return (time.perf_counter() - begun) * 1000

    def cost(self, names):
        """CPU milliseconds of each of the names, and how long each answer took."""
        before = cost.cpu(self.server.pid)
        times = list(self.crowd.map(self.ask, names))
        self.settled()
        return (cost.cpu(self.server.pid) - before) * 1000 / len(names), times

    def costs(self, count):
        """Of existing names and of missing ones, batch by batch in turn: the means of CPU and the medians of time."""
        with self.crowd:
            self.cost([f"warm{number:06}" for number in range(WARM_UP)])
            return self._costs(count)

    def _costs(self, count):
        found, times = {"user": [], "none": []}, {"user": [], "none": []}
        for batch in range(count // 2 // BATCH):
            for kind in (("user", "none"), ("none", "user"))[batch % 2]:
                spent, took = self.cost([f"{kind}{number:06}" for number in range(batch * BATCH, (batch + 1) * BATCH)])
                found[kind].append(spent)
                times[kind] += took
        return [statistics.mean(values) for values in found.values()] + [statistics.median(values) for values in times.values()]


def existing(count):
    return (f"user{number:06}" for number in range(count))


def decided(connection):
    """Waits until no request is left that nobody looked at."""
    def wait():
        while connection.execute("SELECT COUNT(*) FROM reset_request WHERE state = 'new'").fetchone()[0]:
            time.sleep(0.01)
    return wait


def ours(folder, count):
    instance = Instance(folder / "data")
    instance.folder.mkdir(mode=0o700)
    instance.set_up()
    add_copies(instance, ADMIN[0], existing(count // 2), role="user")
    served = sparekey(instance, folder / "sparekey.log")
    served.environment |= RAISED
    with served as server, contextlib.closing(sqlite3.connect(instance.sqlite_file)) as connection:
        asking = Forgotten(server, "/api/password-reset/request", lambda name: json.dumps({"username": name}),
                           {"Content-Type": "application/json"}, 200, decided(connection))
        costs = asking.costs(count)
        rows = dict(connection.execute("SELECT state, COUNT(*) FROM reset_request GROUP BY state"))
    print(f"{sum(rows.values())} requests, in the end: {rows}")
    return costs, sum(rows.values()) == rows.get("issued") == count // (2 * BATCH) * 2 * BATCH + WARM_UP


def theirs(folder, count):
    """allauth sends a mail for a name that nobody has as well."""
    served = django(folder)
    with contextlib.closing(sqlite3.connect(folder / "serving.sqlite3")) as connection, connection:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM auth_user").fetchone())
        del row["id"]
        connection.executemany(
            f"INSERT INTO auth_user ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})",
            (row | {"username": name, "email": f"{name}@example.org", "is_superuser": 0} for name in existing(count // 2)))
    csrf = "a" * 32
    with served as server:
        return Forgotten(
            server, "/accounts/password/reset/",
            lambda name: urllib.parse.urlencode({"csrfmiddlewaretoken": csrf, "email": f"{name}@example.org"}),
            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={csrf}"}, 302, lambda: None).costs(count)


def main():
    count = int(sys.argv[1]) if sys.argv[1:] else 10_000
    folder = fresh_folder()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    their_existing, their_missing, *their_times = theirs(folder, max(2 * BATCH, count // 20))
    (existing, missing, *times), isDecided = ours(folder, count)
    table = Table("A forgotten password, SQLite")
    table.row("CPU of a forgotten password, ms", (existing + missing) / 2, BOUND, (their_existing + their_missing) / 2)
    ratio, their_ratio = existing / missing, their_existing / their_missing
    table.row("    existing to missing, apart from 1", abs(ratio - 1), APART, abs(their_ratio - 1))
    table.row("    the same of the time it took", abs(times[0] / times[1] - 1), TIME_APART,
              abs(their_times[0] / their_times[1] - 1))
    print(f"    existing {existing:.2f} ms, missing {missing:.2f} ms; Django {their_existing:.2f} and {their_missing:.2f} ms")
    print(f"    answered in {times[0]:.2f} and {times[1]:.2f} ms; Django's in {their_times[0]:.2f} and {their_times[1]:.2f} ms")
    discard(folder)
    if not isDecided:
        print("a request was left undecided, or has no code")
    sys.exit(1 if table.missed or not isDecided else 0)


if __name__ == "__main__":
    main()
