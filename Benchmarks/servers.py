"""Sign-ins of many at once, with one server on SQLite, one on PostgreSQL, and two on one PostgreSQL, under dev/with-postgres.

    servers.py [SECONDS]

The three take turns, SECONDS each (2 if nothing is said), many times over; medians. Callers spread over the servers, with a
connection and an account each. On one machine two servers share its processors: what they show is that nothing is lost by sharing a
database. Ends with 1 where PostgreSQL has under 95 % of SQLite's sign-ins a second."""

import concurrent.futures
import contextlib
import http.client
import json
import os
import statistics
import sys
import time

from table import Grid
from trial import cost
from trial.instance import ADMIN
from trial.many import add_numbered_copies
from trial.server import Server, fresh_instance

CALLERS, ROUNDS, SECONDS, LEAST = 16, 15, 2, 0.95


def keep_signing_in(server, number, end):
    """How many were served until then."""
    request = json.dumps({"username": f"user{number:07}", "password": ADMIN[2]})
    connection, count = http.client.HTTPConnection(server.host, int(server.port), timeout=60), 0
    with contextlib.closing(connection):
        while time.monotonic() < end:
            connection.request("POST", "/api/auth/login", request, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            if answer.status not in (200, 503):
                raise RuntimeError(f"a sign-in was answered {answer.status}")
            count += answer.status == 200
    return count


def measured(servers, seconds):
    """Sign-ins a second, and CPU milliseconds of the servers' processes for each."""
    before, begun = [cost.cpu(server.process.pid) for server in servers], time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(CALLERS) as crowd:
        calls = [crowd.submit(keep_signing_in, servers[number % len(servers)], number, begun + seconds)
                 for number in range(CALLERS)]
        count = sum(call.result() for call in calls)
    took = time.monotonic() - begun
    spent = sum(cost.cpu(server.process.pid) - one for server, one in zip(servers, before))
    return count / took, spent * 1000 / count


def main():
    seconds = float(sys.argv[1]) if sys.argv[1:] else SECONDS
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; {CALLERS} callers, medians of {ROUNDS} rounds")
    with contextlib.ExitStack() as stack:
        sqlite, postgres = (stack.enter_context(fresh_instance(isPostgres)) for isPostgres in (False, True))
        for instance in (sqlite, postgres):
            add_numbered_copies(instance, ADMIN[0], CALLERS, 0)
        second = postgres.copy(postgres.folder.parent / "second")
        one, shared = (stack.enter_context(Server(instance)) for instance in (sqlite, postgres))
        other = stack.enter_context(Server(second))
        kinds = {"one server, SQLite": [one], "one server, PostgreSQL": [shared], "two servers, PostgreSQL": [shared, other]}
        found = {name: [] for name in kinds}
        for _ in range(ROUNDS + 1):
            for name, servers in kinds.items():
                found[name].append(measured(servers, seconds))
    grid = Grid("Sign-ins of many at once", ["a second", "CPU ms of one", "of SQLite's"])
    ratios = {}
    for name, rounds in found.items():
        rate, spent = (statistics.median(column) for column in zip(*rounds[1:]))
        # In each round beside SQLite's of the same round.
        ratios[name] = statistics.median(mine[0] / theirs[0] for mine, theirs in zip(rounds[1:], found["one server, SQLite"][1:]))
        grid.row(name, [rate, spent, ratios[name]])
    sys.exit(0 if ratios["one server, PostgreSQL"] >= LEAST else 1)


if __name__ == "__main__":
    main()
