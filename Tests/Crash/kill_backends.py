"""50 resets whose PostgreSQL backend is terminated at a random moment, and 5 whose backend is killed outright (kill -9),
after which the whole cluster recovers from its log."""

import contextlib
import os
import random
import signal
import subprocess

import judge
from kill_at_random import usual_seconds
from trial import cluster
from trial.tally import Tally

TERMINATED, KILLED = 50, 5


def terminated(instance, password, delay):
    session = cluster.terminate_soon(instance.database, delay)
    status, _, _ = instance.reset(judge.ACCOUNT, password)
    return status, "ended 0" not in session.communicate(timeout=300)[0]


def kill_outright(instance, password, delay):
    """Kills the first backend that the reset opens; found by asking, so the moment differs from run to run."""
    process = instance.start("reset-password", judge.ACCOUNT, "--password-stdin", password=password)
    hit = None
    while process.poll() is None and not hit:
        for pid in cluster.backends(instance.database)[:1]:
            # It may have ended by itself meanwhile.
            with contextlib.suppress(ProcessLookupError):
                try:
                    process.wait(delay)
                except subprocess.TimeoutExpired:
                    os.kill(pid, signal.SIGKILL)
                    hit = pid
    process.communicate()
    cluster.wait_until_up(hit)
    return process.returncode, hit is not None


def main():
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    tally = Tally()
    instance = judge.prepare(cluster.new_database())
    span = usual_seconds(instance)
    current, other, hits, failures = judge.OLD, judge.NEW, 0, 0
    for number in range(TERMINATED + KILLED):
        before = judge.finished_resets(instance)
        disturb = terminated if number < TERMINATED else kill_outright
        status, hit = disturb(instance, other, chance.uniform(0, span))
        hits, failures = hits + hit, failures + (status != 0)
        problems = [] if status in (0, 69, 75) else [f"ended with {status}, not with 0, 69 or 75"]
        problems += judge.judge(instance, current, other, before, finished=status == 0)
        tally.check(f"{disturb.__name__} {number} (seed {seed})", problems)
        if judge.Stored(instance).working(judge.ACCOUNT, [other])[0]:
            current, other = other, current
    tally.check("a reset after all of them", judge.still_resets(instance))
    judge.dispose(instance)
    print(f"{hits} of {TERMINATED + KILLED} resets lost a backend; {failures} commands said that they failed")
    tally.finish("crash, PostgreSQL backends")


if __name__ == "__main__":
    main()
