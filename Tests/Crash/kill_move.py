"""A move from the file to PostgreSQL, killed before a write, sync, rename or word to the server. One of the two databases is in
force afterwards, or none and the words to go on with; the same command then completes, and everything is there.

    kill_move.py [POINTS]

POINTS are spread over the whole of it, 4 if nothing is said; 0 is every one. Those around the moment of the move are always
among them."""

import os
import sys
import time

import judge
import tracer
from trial import cluster
from trial.instance import BINARY, Instance, killed
from trial.stored import Stored
from trial.tally import Tally

# How many calls from the end are always tried: there the file gets its mark, and the settings file names the other database.
LAST = 30
SECONDS = 120
UNFINISHED, MOVED, ALREADY = "begun and not finished", "were moved to", "in a PostgreSQL database already"


class Everything:
    """What the tracer counts: every write, and every word to the server."""

    errors = None

    def started(self, pid):
        pass

    def counts(self, name, descriptor):
        return descriptor not in (1, 2)


def prepare():
    instance = judge.prepare()
    for number in range(12):
        instance.add(f"other{number}", f"other{number}@example.org", judge.LATER, "--no-force-change")
    if instance.reset(judge.ACCOUNT, judge.NEW)[0] != 0:
        raise RuntimeError("the reset before the move failed")
    instance.must("generate-reset-token", "other1", "--yes")
    return instance


def move(instance, database, kill_at):
    return tracer.run([BINARY, "move", "--to", database], instance.environment(), kill_at, server=Everything())


def opens(instance, database):
    """Whether it is in force, and what is said where it is not."""
    status, _, err = instance.run("users", "list", "--limit", "1", "--database", database)
    return status == 0, err


def in_force(instance, database):
    """Problems, and which of the two is in force."""
    (file, said), (server, words) = opens(instance, str(instance.sqlite_file)), opens(instance, database)
    problems = ["both are in force"] if file and server else []
    if not file and MOVED not in said:
        problems.append(f"the file does not open, and it is not said why: {said}")
    if not server and UNFINISHED not in words and "nobody has been set up" not in words:
        problems.append(f"the other does not open, and it is not said why: {words}")
    if not file and not server and UNFINISHED not in words:
        problems.append(f"none is in force, and nothing says how to go on: {words}")
    return problems


def complete(instance, database, rows):
    """The same command again, and what is there then."""
    deadline = time.monotonic() + SECONDS
    while True:
        # The server may not have noticed yet that the one before is dead.
        status, _, err = instance.run("move", "--to", database)
        if status != 75 or time.monotonic() > deadline:
            break
    if status != 0 and not (status == 78 and ALREADY in err):
        return [f"a second one ended with {status}: {err.strip()}"]
    moved = Instance(instance.folder, database, instance.settings)
    problems = in_force(instance, database) + ([] if opens(instance, database)[0] else ["it is not in force"])
    working, found = Stored(moved).working(judge.ACCOUNT, [judge.OLD, judge.NEW])
    problems += found + ([] if working == [judge.NEW] else [f"{working} work"])
    counts = rows_of(moved)
    # The move itself is an act.
    problems += [] if counts == rows | {"audit": rows["audit"] + 1} else [f"{counts} instead of {rows}"]
    status, out, err = instance.run("audit", "verify")
    problems += [] if status == 0 else [f"audit verify ended with {status}: {out}{err}"]
    status, _, err = instance.run("undo", "1")
    return problems + ([] if status == 0 else [f"undo ended with {status}: {err}"]) + Stored(moved).integrity()


def rows_of(instance):
    return {table: Stored(instance).rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in
            ("account", "password_history", "reset", "reset_token", "sync_credential", "audit", "counter")}


def trial(base, rows, k):
    instance, database = judge.copy_of(base), cluster.new_database()
    try:
        status, begun = move(instance, database, k)
        problems = [] if status == 0 or killed(status) else [f"ended with {status}"]
        problems += in_force(instance, database) + complete(instance, database, rows)
        return killed(status), begun, problems
    finally:
        judge.dispose(instance)


def main():
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    tally, base = Tally(), prepare()
    rows = rows_of(base)
    _, calls, problems = trial(base, rows, 0)
    tally.check("nobody kills it", problems)
    step = 1 if wanted == 0 else max(1, len(calls) // wanted)
    last = range(max(1, len(calls) - LAST), len(calls) + 1, 1 if wanted == 0 else max(2, 40 // wanted))
    dead = 0
    for k in sorted(set(range(1, len(calls) + 1, step)) | set(last)):
        was_killed, begun, problems = trial(base, rows, k)
        dead += was_killed
        tally.check(f"killed before call {k} of about {len(calls)} ({begun[-1] if begun else ''})", problems)
    tally.check("kills landed", [] if dead else ["none did"])
    judge.dispose(base)
    print(f"{dead} kills, {len(calls)} writes and words in a move, {os.cpu_count()} cores")
    tally.finish("crash, a move to PostgreSQL")


if __name__ == "__main__":
    main()
