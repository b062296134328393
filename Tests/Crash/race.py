"""64 processes reset one account at once: each ends well or says busy, and the last committed reset is the one that works."""

import json
import sys

import judge
from trial import cluster
from trial.stored import Stored
from trial.tally import Tally

PROCESSES = 64
BUSY = 75


def main():
    tally = Tally()
    postgres = "--postgres" in sys.argv
    instance = judge.prepare(cluster.new_database() if postgres else None)
    passwords = [f"{judge.NEW}-{number:02d}" for number in range(PROCESSES)]
    running = [instance.start("reset-password", judge.ACCOUNT, "--password-stdin", "--json", password=password)
               for password in passwords]
    committed, busy = {}, 0
    for process, password in zip(running, passwords):
        out, err = process.communicate(timeout=300)
        busy += process.returncode == BUSY
        if process.returncode == 0:
            committed[str(json.loads(out)["reset"])] = password
        tally.check(f"process with {password[-2:]}", [] if process.returncode in (0, BUSY) else
                    [f"ended with {process.returncode}: {err.decode().strip()}"])

    stored = Stored(instance)
    done = [row for row in stored.journal() if row["state"] == "done" and row["username"] == judge.ACCOUNT]
    tally.check("as many committed as ended with 0", [] if len(done) == len(committed) else
                [f"{len(done)} in the journal, {len(committed)} commands ended with 0"])
    sequences = [row["sequence"] for row in done]
    tally.check("each commit has a sequence of its own", [] if len(set(sequences)) == len(done) else ["they repeat"])
    last = max(done, key=lambda row: row["sequence"])
    expected = committed.get(str(last["number"])) or committed.get(last["id"])
    accepted, problems = stored.working(judge.ACCOUNT, [judge.OLD, *passwords])
    tally.check("the highest sequence is the password that works", problems + (
        [] if accepted == [expected] else [f"{len(accepted)} passwords work, and they are not the last committed one"]))
    tally.check("integrity and journal", stored.integrity() + judge.settle(instance, len(committed)))
    judge.dispose(instance)
    print(f"{len(committed)} of {PROCESSES} committed, {busy} said busy")
    tally.finish(f"race, {'PostgreSQL' if postgres else 'SQLite'}")


if __name__ == "__main__":
    main()
