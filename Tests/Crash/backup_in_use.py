"""Backs up while eight processes reset passwords, then restores: whole, nothing but passwords is honoured, the list is right."""

import json
import sqlite3
import threading

from trial.instance import Instance, discard, fresh_folder
from trial.stored import Stored
from trial.tally import Tally

WRITERS = [f"writer{number}" for number in range(8)]
ROUNDS = 12
PASSWORD = "harbour-Violet-31-anchor-{}"


def prepare():
    instance = Instance(fresh_folder())
    instance.set_up()
    for name in WRITERS:
        instance.add(name, f"{name}@example.org", PASSWORD.format(0), "--no-force-change")
        instance.must("generate-reset-token", name)
    connection = sqlite3.connect(instance.sqlite_file)
    connection.execute("INSERT INTO session (id, account_id, secret_hash, created_at, last_used_at) "
                       "SELECT 's' || id, id, id, 0, 0 FROM account")
    connection.commit()
    connection.close()
    # One whose password nobody changes any more: never on the list.
    instance.add("still", "still@example.org", PASSWORD.format("still"), "--no-force-change")
    return instance


def write(instance, name, half, problems):
    for round_ in range(1, ROUNDS + 1):
        status, _, err = instance.reset(name, PASSWORD.format(round_))
        if status != 0:
            problems.append(f"{name}: reset {round_} ended with {status}: {err.strip()}")
        if round_ == ROUNDS // 2:
            half.wait(600)


def hashes(rows):
    return {row["username"]: row["password_hash"] for row in rows}


def in_backup(path):
    connection = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    found = hashes(connection.execute("SELECT username, password_hash FROM account"))
    answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return found, [] if answer == "ok" else [f"integrity_check of the backup: {answer}"]


def play(instance):
    """The backup begins when every writer is half through, and none waits for it."""
    problems = []
    half = threading.Barrier(len(WRITERS) + 1)
    writers = [threading.Thread(target=write, args=(instance, name, half, problems)) for name in WRITERS]
    for writer in writers:
        writer.start()
    half.wait(600)
    path = instance.folder / "b.backup"
    status, _, err = instance.run("backup", str(path))
    if status != 0:
        problems.append(f"the backup ended with {status}: {err.strip()}")
    for writer in writers:
        writer.join()
    return path, problems


def restored(instance, path):
    saved, problems = in_backup(path)
    before = hashes(Stored(instance).rows("SELECT username, password_hash FROM account"))
    older = sorted(name for name in saved if before[name] != saved[name])
    status, out, err = instance.run("restore", str(path), "--yes", "--json")
    if status != 0:
        return problems + [f"the restore ended with {status}: {err.strip()}"]
    if json.loads(out)["olderPasswords"] != older:
        problems.append(f"the list says {json.loads(out)['olderPasswords']}, the hashes say {older}")
    if not older or "still" in older:
        problems.append(f"nothing was shown: the accounts with another password are {older}")
    stored = Stored(instance)
    if hashes(stored.rows("SELECT username, password_hash FROM account")) != saved:
        problems.append("the passwords are not those of the backup")
    for table in ("session", "reset_token", "reset WHERE sealed_old IS NOT NULL OR state = 'prepared'"):
        if stored.rows(f"SELECT count(*) AS rows FROM {table}") != [{"rows": 0}]:
            problems.append(f"rows are left: {table}")
    status, out, err = instance.run("audit", "verify")
    return problems + stored.integrity() + ([] if status == 0 else [f"audit verify: {out} {err}"])


def main():
    tally = Tally()
    instance = prepare()
    path, problems = play(instance)
    tally.check("a backup while eight processes write", problems)
    tally.check("the restore of it", restored(instance, path))
    discard(instance.folder)
    tally.finish("crash, backup in use and restore")


if __name__ == "__main__":
    main()
