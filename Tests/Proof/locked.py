"""Somebody else holds the database's write lock: commands and server say so in bounded time, reading goes on, nothing of what
was refused is done, and all is well when it is let go of.

    locked.py [SECONDS]      30 if nothing is said
"""

import contextlib
import sqlite3
import sys
import time

from trial.server import Server, fresh_instance
from trial.stored import Stored
from trial.tally import Tally

OLD, NEW = "harbour-Violet-31-anchor", "meadow-Copper-74-signal"
# The driver waits 5 s for a lock. What comes on top is the machine's.
BOUND = 30


def timed(act):
    begun = time.monotonic()
    return act(), time.monotonic() - begun


def unhurt(server, *call, **more):
    """A call for which 503 is right."""
    before = len(server.broken)
    answer = server.call(*call, **more)
    server.broken[before:] = [each for each in server.broken[before:] if "status 503" not in each]
    return answer


def held(tally, server, seconds):
    """Returns the longest wait and how many acts were tried while the lock was held."""
    token, waits = server.token(), []
    equal = lambda name, found, wanted: tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])
    with contextlib.closing(sqlite3.connect(server.instance.sqlite_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            (status, out, err), took = timed(lambda: server.instance.reset("kim", NEW))
            equal("a reset says that the database is busy", (status, out), (75, ""))
            equal("with a hint", "hint: " in err, True)
            waits.append(took)
            body = {"username": "kim", "password": OLD}
            answer, took = timed(lambda: unhurt(server, "POST", "/api/auth/login", body))
            equal("a sign-in", (answer.status, int(answer.header("retry-after") or 0) > 0), (503, True))
            waits.append(took)
            equal("reading goes on", unhurt(server, "GET", "/api/users", token=token).status, 200)
            equal("the server lives", server.call("GET", "/healthz").status, 200)
        other.execute("ROLLBACK")
    equal("each in bounded time", [round(wait, 1) for wait in waits if wait > BOUND], [])
    equal("the old password signs in, at once", server.login("kim", OLD).status, 200)
    equal("and a reset is done", server.instance.reset("kim", NEW)[0], 0)
    tally.check("the database is whole", Stored(server.instance).integrity() + Stored(server.instance).unsettled())
    return max(waits), len(waits)


def main():
    tally = Tally()
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with fresh_instance() as instance:
        instance.add("kim", "kim@example.org", OLD, "--no-force-change")
        with Server(instance) as server:
            longest, count = held(tally, server, seconds)
    tally.check("every answer and every line of the log", server.broken)
    tally.finish(f"a lock held for {seconds} s: {count} acts, the longest wait {longest:.1f} s")


if __name__ == "__main__":
    main()
