"""50 resets killed at a random moment, on SQLite or (--postgres) PostgreSQL; the passwords alternate on one instance.

Every other kill falls into the last part, where the writing is; a reset that was through before its kill does not count."""

import random
import subprocess
import sys
import time

import judge
from trial import cluster
from trial.instance import killed
from trial.tally import Tally

KILLS, MOST_TRIES = 50, 400


def usual_seconds(instance):
    """How long an undisturbed reset takes here, so that the kills fall inside it."""
    begun = time.monotonic()
    for password in (judge.NEW, judge.OLD):
        status, _, err = instance.reset(judge.ACCOUNT, password)
        if status != 0:
            raise RuntimeError(f"an undisturbed reset ended with {status}: {err}")
    return (time.monotonic() - begun) / 2


def kill_once(instance, password, after):
    """Returns the exit status and the seconds until the end."""
    begun = time.monotonic()
    process = instance.start("reset-password", judge.ACCOUNT, "--password-stdin", password=password)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    return process.returncode, time.monotonic() - begun


def main():
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    tally = Tally()
    postgres = "--postgres" in sys.argv
    instance = judge.prepare(cluster.new_database() if postgres else None)
    span = usual_seconds(instance)
    current, other, kills, replaced, number = judge.OLD, judge.NEW, 0, 0, 0
    while kills < KILLS and number < MOST_TRIES:
        before = judge.finished_resets(instance)
        earliest, latest = ((0, 1), (0.8, 1.1))[number % 2]
        status, seconds = kill_once(instance, other, span * chance.uniform(earliest, latest))
        # The machine's load changes; a kill has to follow it to fall inside.
        span = seconds if status == 0 else span
        kills, number = kills + killed(status), number + 1
        problems = [] if status == 0 or killed(status) else [f"ended with {status}"]
        problems += judge.judge(instance, current, other, before, finished=status == 0)
        tally.check(f"random kill {number} (seed {seed})", problems)
        if judge.Stored(instance).working(judge.ACCOUNT, [other])[0]:
            current, other, replaced = other, current, replaced + (1 if killed(status) else 0)
    tally.check(f"{KILLS} kills", [] if kills == KILLS else [f"only {kills} landed in {number} tries"])
    tally.check("a reset after all of them", judge.still_resets(instance))
    judge.dispose(instance)
    print(f"{kills} of {number} were killed before their end, {replaced} of them after the commit; "
          f"an undisturbed reset takes {span:.3f} s")
    tally.finish(f"crash, random kills, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
