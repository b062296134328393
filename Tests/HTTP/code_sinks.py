"""Codes are in the sink that the operator chose and nowhere else (SEC-8): not in the log, the audit trail, an answer, the
metrics, a file of the data folder, a table or the write-ahead log of either database. A spent token stays spent, and a
live one ends, when an older backup is put back (SEC-17).

    code_sinks.py [CODES] [--postgres]

Six digits stand by chance in any long file: in a hash, in a time. So beside CODES (24 if nothing is said), ten times as
many numbers are looked for that were never a code. What leaks one code leaks all; chance finds a few of either.
"""

import argparse
import os
import pathlib
import re

from trial.server import Server, fresh_instance, holds
from trial.stored import psql
from trial.tally import Tally

PASSWORD, NEW = "harbour-Violet-31-anchor", "meadow-Copper-74-signal"
REQUEST, VERIFY, RESET = (f"/api/password-reset/{step}" for step in ("request", "verify", "reset"))
INBOX = "/api/reset-requests"
CODES, DECOYS = 24, 10
SEGMENT = 16 << 20
SETTINGS = {"SPAREKEY_POLICY": "basic"}


class Sinks:
    def __init__(self, server, tally, delivery, count):
        self.server, self.tally, self.delivery, self.instance = server, tally, delivery, server.instance
        self.names = [f"user{number:03}" for number in range(count)]
        self.answers, self.codes = b"", {}
        self.start = self.lsn()

    def lsn(self):
        return psql(self.instance.database, "SELECT pg_current_wal_lsn()").strip() if self.instance.database else None

    def post(self, path, **body):
        answer = self.server.call("POST", path, body)
        self.answers += repr(answer.headers).encode() + answer.body
        return answer

    def run(self):
        """Each code is shown, tried wrongly, verified; a third are used, a third guessed to death, a third left alone."""
        for name in self.names:
            self.post(REQUEST, username=name)
        self.codes = self.shown() if self.delivery == "console" else self.revealed()
        for number, (name, code) in enumerate(self.codes.items()):
            wrong = next(text for text in map("{:06}".format, range(1000)) if text not in self.codes.values())
            for _ in range(5 if number % 3 == 1 else 1):
                self.post(VERIFY, username=name, code=wrong)
            self.post(VERIFY, username=name, code=code)
            if number % 3 == 0:
                self.post(RESET, username=name, code=code, newPassword=NEW)
        self.judge()

    def shown(self):
        return {name: self.server.code(name) for name in self.names}

    def revealed(self):
        line = rb"Password reset code for '(\w+)', until [0-9TZ:-]+: sparekey requests show (\d+)\n"
        token, found = self.server.token(), {}
        for name, number in self.server.wait_for(line, len(self.names)):
            answer = self.server.call("POST", f"{INBOX}/{number.decode()}/reveal", token=token)
            found[name.decode()] = answer.json["data"]["code"]
        return found

    def judge(self):
        console, log = b"".join(self.server.box), b"".join(self.server.lines)
        title, codes = f"{self.delivery}: ", set(self.codes.values())
        seen = {code for code in codes if holds(console, code)}
        self.tally.check(title + "each account has a code", [] if len(self.codes) == len(self.names) else [f"{len(self.codes)}"])
        self.tally.check(title + "the console", [] if seen == (codes if self.delivery == "console" else set()) else [
            f"{len(seen)} of {len(codes)} are on it"])
        if self.delivery == "console":
            everything = console + console.hex().encode()
            self.tally.check("the search finds what is there", [] if self.shares(everything)[0] == 1 else ["it does not"])
        metrics = self.server.call("GET", "/metrics", token=self.server.token())
        audit = "\n".join(row[0] for row in self.server.sql("SELECT row FROM audit")).encode()
        self.tally.check(title + "the audit trail tells of them", [] if audit.count(b'"code.issued"') == len(codes) else ["no"])
        for place, text in {"log": log, "answers": self.answers, "metrics": metrics.body, "audit trail": audit}.items():
            self.tally.check(title + place, [f"{code} stands in it" for code in codes if holds(text, code)][:3])
            self.apart(title + place, text)
        for place, text in self.files():
            self.apart(title + place, text)

    def apart(self, place, text):
        """Whether the codes are found more often than what never was a code."""
        found, chance = self.shares(text)
        self.tally.check(place + ": no more than chance", [] if found < chance + 0.3 and chance < 0.5 else [
            f"{found:.0%} of the codes, {chance:.0%} of other numbers"])

    def shares(self, text):
        """How many of the codes stand in the text, as digits or these in hexadecimal, and how many of other numbers."""
        runs = set(re.findall(rb"(?=(\d{6}))", text)) | {
            bytes.fromhex(found.decode()) for found in re.findall(rb"(?=((?:3\d){6}))", text)}
        codes = set(self.codes.values())
        decoys = [f"{(int(code) + 7 + 9973 * step) % 1_000_000:06}" for code in codes for step in range(DECOYS)]
        return tuple(sum(one.encode() in runs for one in some) / len(some) for some in (codes, decoys))

    def files(self):
        """All that the program and its database have written, the write-ahead log included, while both are at work."""
        for path in sorted(self.instance.folder.rglob("*")):
            if path.is_file():
                yield path.name, path.read_bytes()
        if self.instance.database:
            yield from self.cluster()
        else:
            names = {path.name for path in self.instance.folder.iterdir()}
            wanted = {"sparekey.db", "sparekey.db-wal", "sparekey.db-shm", "audit.head", "instance.key"}
            self.tally.check("the files are there", [f"no {name}" for name in sorted(wanted - names)])

    def cluster(self):
        """The tables as text and as files, and what the write-ahead log of the cluster has grown by."""
        database, data = self.instance.database, pathlib.Path(os.environ["SPAREKEY_TEST_POSTGRES_DATA"])
        tables = psql(database, "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        yield "the tables", "".join(psql(database, f'SELECT * FROM "{table}"') for table in tables.split()).encode()
        end = self.lsn()
        psql(database, "CHECKPOINT")
        number = psql(database, "SELECT oid FROM pg_database WHERE datname = current_database()").strip()
        files = [path.read_bytes() for path in sorted((data / "base" / number).iterdir()) if path.is_file()]
        yield "the tables' files", b"".join(files)
        grown = b"".join(self.segments(data / "pg_wal", end))
        self.tally.check("the write-ahead log is read", [] if b"code.issued" in grown else ["no audit row is in it"])
        yield "the write-ahead log", grown
        yield "PostgreSQL's own log", (data.parent / "server.log").read_bytes()

    def segments(self, folder, end):
        first, last = (int(high, 16) << 32 | int(low, 16) for high, low in (lsn.split("/") for lsn in (self.start, end)))
        for number in range(first // SEGMENT, last // SEGMENT + 1):
            name = f"{1:08X}{number // 256:08X}{number % 256:08X}"
            begin = max(first - number * SEGMENT, 0)
            yield (folder / name).read_bytes()[begin:min(last - number * SEGMENT, SEGMENT)]


def delivered(tally, postgres, delivery, count):
    settings = SETTINGS | {"SPAREKEY_CODE_DELIVERY": delivery}
    with fresh_instance(postgres, settings=settings) as instance:
        for number in range(count):
            instance.add(f"user{number:03}", f"user{number:03}@example.org", PASSWORD, "--no-force-change")
        with Server(instance) as server:
            Sinks(server, tally, delivery, count).run()
    tally.check(f"{delivery}: every answer and every line of the log", server.broken)


def put_back(tally):
    """Two tokens and a code live in the backup; one token is spent after it. None works when the backup is back."""
    with fresh_instance(settings=SETTINGS) as instance:
        instance.add("kim", "kim@example.org", PASSWORD, "--no-force-change")
        instance.add("lea", "lea@example.org", PASSWORD, "--no-force-change")
        tokens = [re.search(r"\b[0-9a-f]{64}\b", instance.must("generate-reset-token", name, "--yes")[0])[0]
                  for name in ("kim", "lea")]
        backup = instance.folder.parent / "one.backup"
        with Server(instance) as server:
            server.call("POST", REQUEST, {"username": "lea"})
            code = server.code("lea")
            instance.must("backup", str(backup))
            used = server.call("POST", "/reset-password", {"token": tokens[0], "new_password": NEW})
            tally.check("a token is used", [] if used.status == 200 else [f"{used.status}"])
        instance.must("restore", str(backup), "--yes")
        with Server(instance) as again:
            tally.check("the old password is back", [] if again.login("kim", PASSWORD).status == 200 else ["it is not"])
            found = [again.call("POST", "/reset-password", {"token": token, "new_password": NEW}).kind for token in tokens]
            tally.check("a restored backup brings no token back", [] if found == ["invalid-reset-token"] * 2 else [f"{found}"])
            kind = again.call("POST", RESET, {"username": "lea", "code": code, "newPassword": NEW}).kind
            tally.check("nor a code", [] if kind == "invalid-reset-code" else [f"{kind}"])
    tally.check("every answer and every line of these logs", server.broken + again.broken)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("codes", nargs="?", type=int, default=CODES)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    tally = Tally()
    for delivery in ("console", "inbox"):
        delivered(tally, options.postgres, delivery, options.codes)
    if not options.postgres:
        put_back(tally)
    tally.finish(f"code sinks, {'PostgreSQL' if options.postgres else 'SQLite'}, {options.codes} codes")


if __name__ == "__main__":
    main()
