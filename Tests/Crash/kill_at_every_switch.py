"""Kills a restore, a rotation of the key and a backup before each write, sync, truncate, link, rename or unlink (SQLite);
with --postgres a rotation, before each of them that concerns its files.

Of the pages that are written into a database every fifth is taken; with `--every`, every one.

What is left is the old state or the new one, with database, key file and audit.head in agreement, and the same command
then completes. Which password works is told by the stored hash, known from before: hundreds of Argon2 runs would tell no more.
"""

import collections
import json
import multiprocessing
import os
import sqlite3
import sys

import judge
import tracer
from trial import cluster
from trial.instance import BINARY, killed
from trial.stored import Stored
from trial.tally import Tally

PASSPHRASE = "pebble-Saffron-62-harbour"
SINCE = "linus"


def stored_hash(instance):
    return Stored(instance).account(judge.ACCOUNT)["password_hash"]


class Restore:
    """The backup holds the password OLD; since then it became NEW, and an account came."""

    name = "restore"
    # The calls that are killed; None is every one.
    calls = None

    def prepare(self):
        instance = judge.prepare()
        instance.must("backup", str(instance.folder / "b.backup"), "--with-key", "--password-stdin", password=PASSPHRASE)
        self.old = stored_hash(instance)
        if instance.reset(judge.ACCOUNT, judge.NEW)[0] != 0:
            raise RuntimeError("the reset before the restore failed")
        self.new = stored_hash(instance)
        instance.add(SINCE, "linus@example.org", judge.LATER, "--no-force-change")
        return instance

    def command(self, instance):
        return ["restore", str(instance.folder / "b.backup"), "--yes", "--password-stdin"], PASSPHRASE

    def judge(self, instance, finished):
        stored = Stored(instance)
        _, problems = stored.working(judge.ACCOUNT, [])
        now = stored_hash(instance)
        is_new = now == self.old
        if now not in (self.old, self.new):
            problems.append("the stored hash is neither of the two")
        if is_new == (stored.account(SINCE) is not None):
            problems.append("a mixture: one account is the backup's, another is not")
        if finished and not is_new:
            problems.append("the command ended with 0, and the backup's password does not work")
        left = stored.rows("SELECT number FROM reset WHERE sealed_old IS NOT NULL")
        if is_new and left:
            problems.append("sealed values came back with the backup")
        return problems + stored.integrity() + holds(instance)


class RestoreWithKey(Restore):
    """The same where the key file is lost and comes out of the backup."""

    name = "restore with the key"
    # What is written into the databases is the same as above.
    calls = {"write", "fsync", "link", "rename", "unlink", "ftruncate"}

    def prepare(self):
        instance = super().prepare()
        (instance.folder / "instance.key").rename(instance.folder / "lost")
        return instance

    def judge(self, instance, finished):
        status, _, err = instance.run("users", "list")
        if status == 0:
            return super().judge(instance, finished)
        problems = [] if status == 78 and not finished else [f"the next command ended with {status}: {err}"]
        if (instance.folder / "instance.key").exists():
            return problems + ["a key file came, and the database is not its"]
        # Nothing was changed: with the key put back by hand everything is as it was.
        (instance.folder / "lost").rename(instance.folder / "instance.key")
        problems += super().judge(instance, finished)
        (instance.folder / "instance.key").unlink()
        return problems


class Rotate:
    """A reset that can be undone, so that there are seals; sync keys are on."""

    name = "key rotate"
    calls = None

    def prepare(self, database=None):
        instance = judge.prepare(database)
        if instance.reset(judge.ACCOUNT, judge.NEW)[0] != 0:
            raise RuntimeError("the reset before the rotation failed")
        self.hash = stored_hash(instance)
        return instance

    def command(self, _):
        return ["key", "rotate", "--yes"], ""

    def judge(self, instance, finished):
        status, _, err = instance.run("users", "list")
        if status != 0:
            return [f"the next command ended with {status}: {err.strip()}"]
        stored = Stored(instance)
        _, problems = stored.working(judge.ACCOUNT, [])
        if stored_hash(instance) != self.hash:
            problems.append("the password is not what it was")
        if (stored.account(judge.ACCOUNT)["key_mac"] is None) < finished:
            problems.append("the command ended with 0, and a sync key is still there")
        if (instance.folder / "instance.key.next").exists():
            problems.append("the next command left the waiting key where it was")
        return problems + stored.integrity() + holds(instance)


class Backup:
    name = "backup"
    calls = None

    def prepare(self):
        return judge.prepare()

    def command(self, instance):
        return ["backup", str(instance.folder / "b.backup")], ""

    def judge(self, instance, finished):
        path = instance.folder / "b.backup"
        if not path.exists():
            problems = ["the command ended with 0, and there is no file"] if finished else []
        else:
            with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as connection:
                answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
                problems = [] if answer == "ok" else [f"a file under the final name that is not whole: {answer}"]
        path.unlink(missing_ok=True)
        return problems + holds(instance)


def holds(instance):
    """The audit trail, held against audit.head."""
    status, out, err = instance.run("audit", "verify", "--json")
    return [] if status == 0 else [f"audit verify: {(out or err).strip()}"]


def trial(arguments):
    """One kill: returns (k, whether the command was killed, the call it died at, problems)."""
    scene, instance, k = arguments
    instance = judge.copy_of(instance)
    try:
        return attempt(scene, instance, k)
    finally:
        judge.dispose(instance)


def attempt(scene, instance, k):
    words, stdin = scene.command(instance)
    status, begun = tracer.run([BINARY, *words], instance.environment(), k, (stdin + "\n").encode())
    problems = [] if status == 0 or killed(status) else [f"ended with {status}"]
    problems += scene.judge(instance, finished=status == 0)
    if killed(status):
        again, _, err = instance.run(*words, password=stdin)
        problems += [] if again == 0 else [f"a second one ended with {again}: {err.strip()}"]
        problems += scene.judge(instance, finished=True)
    return k, killed(status), begun[-1] if begun else "", problems


def calls(scene, instance):
    """What the command calls when nobody kills it."""
    instance = judge.copy_of(instance)
    try:
        words, stdin = scene.command(instance)
        return tracer.run([BINARY, *words], instance.environment(), 0, (stdin + "\n").encode())[1]
    finally:
        judge.dispose(instance)


def play(scene, pool, workers, tally):
    step, died_at = 1 if "--every" in sys.argv else 5, collections.Counter()
    instance = scene.prepare()
    # The count of writes may differ by a few from run to run: the last ones are tried until none dies any more.
    points = [k for k, call in enumerate(calls(scene, instance), 1)
              if (scene.calls is None or call in scene.calls) and (call != "pwrite64" or k % step == 0)]
    last = points[-1]
    while points:
        alive = False
        for k, was_killed, call, problems in pool.imap_unordered(trial, [(scene, instance, k) for k in points]):
            tally.check(f"{scene.name}: killed before call {k} ({call})", problems)
            died_at.update([call] if was_killed else [])
            alive = alive or (was_killed and k >= last)
        points = range(last + 1, last + 1 + workers) if alive else []
        last += workers
    judge.dispose(instance)
    print(f"{scene.name}: {sum(died_at.values())} kill points ({json.dumps(dict(sorted(died_at.items())))})")
    tally.check(f"{scene.name}: a kill landed in a sync", [] if died_at["fsync"] + died_at["fdatasync"] else ["none did"])


def play_on_postgres(tally):
    """One instance for all of them: a database is not copied, and a rotation can be repeated."""
    scene, died_at, k = Rotate(), collections.Counter(), 0
    instance = scene.prepare(cluster.new_database())
    while True:
        k, was_killed, call, problems = attempt(scene, instance, k + 1)
        tally.check(f"{scene.name} on PostgreSQL: killed before call {k} ({call})", problems)
        if not was_killed:
            break
        died_at.update([call])
    judge.dispose(instance)
    print(f"{scene.name} on PostgreSQL: {sum(died_at.values())} kill points ({json.dumps(dict(sorted(died_at.items())))})")
    tally.check("a kill landed in a rename", [] if died_at["rename"] else ["none did"])
    tally.finish("crash, every write of key rotate, PostgreSQL")


def main():
    tally = Tally()
    if "--postgres" in sys.argv:
        return play_on_postgres(tally)
    workers = os.cpu_count() or 1
    with multiprocessing.Pool(workers) as pool:
        for scene in (Restore(), RestoreWithKey(), Rotate(), Backup()):
            play(scene, pool, workers, tally)
    tally.finish("crash, every write of restore, key rotate and backup")


if __name__ == "__main__":
    main()
