"""Kills a reset before its k-th write, sync, truncate, link, rename or unlink, for every k until one completes (SQLite)."""

import collections
import multiprocessing
import os

import judge
import tracer
from trial.instance import BINARY, killed
from trial.tally import Tally


def trial(arguments):
    """One kill: returns (k, whether the command was killed, the call it died at, problems)."""
    instance, k = arguments
    instance = judge.copy_of(instance)
    try:
        status, begun = tracer.run(
            [BINARY, "reset-password", judge.ACCOUNT, "--password-stdin"], instance.environment(), k,
            (judge.NEW + "\n").encode())
        problems = [] if status == 0 or killed(status) else [f"ended with {status}"]
        problems += judge.judge(instance, judge.OLD, judge.NEW, done_before=0, finished=status == 0)
        problems += judge.still_resets(instance)
        return k, killed(status), begun[-1] if begun else "", problems
    finally:
        judge.dispose(instance)


def main():
    tally = Tally()
    died_at = collections.Counter()
    instance = judge.prepare()
    workers = os.cpu_count() or 1
    first = 1
    # The count of writes may differ by a few from run to run: only a whole round that completes is the end.
    with multiprocessing.Pool(workers) as pool:
        while True:
            round_ = pool.map(trial, [(instance, k) for k in range(first, first + workers)], chunksize=1)
            for k, was_killed, call, problems in round_:
                tally.check(f"killed before call {k} ({call})", problems)
                died_at.update([call] if was_killed else [])
            if not any(was_killed for _, was_killed, _, _ in round_):
                break
            first += workers
    judge.dispose(instance)
    print(f"kill points: {sum(died_at.values())} ({', '.join(f'{name} {n}' for name, n in sorted(died_at.items()))})")
    tally.check("at least one kill landed in a sync", [] if died_at["fsync"] + died_at["fdatasync"] else ["none did"])
    tally.finish("crash, every write")


if __name__ == "__main__":
    main()
