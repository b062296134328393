"""50 resets killed at a random moment, on SQLite or (--postgres) PostgreSQL; the passwords alternate on one instance."""

import random
import subprocess
import sys
import time

import cluster
import judge
from trial.instance import killed
from trial.tally import Tally

ROUNDS = 50


def usual_seconds(instance):
    """How long an undisturbed reset takes here, so that the kills fall inside it."""
    begun = time.monotonic()
    for password in (judge.NEW, judge.OLD):
        status, _, err = instance.reset(judge.ACCOUNT, password)
        if status != 0:
            raise RuntimeError(f"an undisturbed reset ended with {status}: {err}")
    return (time.monotonic() - begun) / 2


def kill_once(instance, password, after):
    process = instance.start("reset-password", judge.ACCOUNT, "--password-stdin", password=password)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    return process.returncode


def main():
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    tally = Tally()
    postgres = "--postgres" in sys.argv
    instance = judge.prepare(cluster.new_database() if postgres else None)
    span = usual_seconds(instance)
    current, other, kills, replaced = judge.OLD, judge.NEW, 0, 0
    for number in range(ROUNDS):
        before = judge.finished_resets(instance)
        status = kill_once(instance, other, chance.uniform(0, span))
        kills += killed(status)
        problems = [] if status == 0 or killed(status) else [f"ended with {status}"]
        problems += judge.judge(instance, current, other, before, finished=status == 0)
        tally.check(f"random kill {number} (seed {seed})", problems)
        if judge.Stored(instance).working(judge.ACCOUNT, [other])[0]:
            current, other, replaced = other, current, replaced + 1
    tally.check("a reset after all of them", judge.still_resets(instance))
    judge.dispose(instance)
    print(f"{kills} of {ROUNDS} were killed before their end; {replaced} had taken; an undisturbed reset takes {span:.3f} s")
    tally.finish(f"crash, random kills, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
