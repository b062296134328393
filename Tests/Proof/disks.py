"""A disk that is full while the server runs and while commands do, and one that is read-only: what cannot be written is refused
and not done by half, what can be read is read, and with room again all goes on without a restart. Needs root, for a tmpfs."""

import contextlib
import os
import subprocess
import sys

from trial.instance import BINARY, discard, fresh_folder
from trial.server import Server, fresh_instance
from trial.stored import Stored
from trial.tally import Tally

OLD, NEW = "harbour-Violet-31-anchor", "meadow-Copper-74-signal"
ROUNDS = 3


@contextlib.contextmanager
def small_disk(base):
    """A copy of the instance on a file system of 4 MB."""
    folder = fresh_folder()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", str(folder)], check=True)
    try:
        yield folder, base.copy(folder / "data")
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        discard(folder)


def fill(path):
    with open(path, "wb", buffering=0) as filler, contextlib.suppress(OSError):
        for size in (65536, 512):
            with contextlib.suppress(OSError):
                while True:
                    filler.write(bytes(size))


class Disks:
    def __init__(self, tally):
        self.tally, self.broken = tally, []

    def equal(self, name, found, wanted):
        self.tally.check(name, [] if found == wanted else [f"{found!r} instead of {wanted!r}"])

    def whole(self, instance):
        stored = Stored(instance)
        self.tally.check("the database is whole", stored.integrity() + stored.unsettled())

    def outage(self, server, *call, **more):
        before = len(server.broken)
        answer = server.call(*call, **more)
        server.broken[before:] = [each for each in server.broken[before:] if "status 503" not in each]
        return answer.status

    def full(self, base):
        with small_disk(base) as (folder, instance), Server(instance) as server:
            token, current, other = server.token(), OLD, NEW
            for _ in range(ROUNDS):
                fill(folder / "filler")
                body = {"username": "kim", "password": current}
                self.equal("full: a sign-in", self.outage(server, "POST", "/api/auth/login", body), 503)
                self.equal("full: a reset", instance.reset("kim", other)[0], 73)
                self.equal("full: reading", self.outage(server, "GET", "/api/users", token=token), 200)
                self.equal("full: the server lives", server.call("GET", "/healthz").status, 200)
                (folder / "filler").unlink()
                self.equal("room again: the old password signs in", server.login("kim", current).status, 200)
                self.equal("room again: a reset", instance.reset("kim", other)[0], 0)
                self.equal("room again: the new one signs in", server.login("kim", other).status, 200)
                current, other = other, current
            self.whole(instance)
        self.broken += server.broken

    def read_only(self, base):
        with small_disk(base) as (folder, instance):
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
            before = instance.sqlite_file.read_bytes()
            self.equal("read-only: a reset", instance.reset("kim", NEW)[0], 73)
            self.equal("read-only: generating a token", instance.run("generate-reset-token", "kim", "--yes")[0], 73)
            serve = subprocess.run([BINARY, "serve"], env={**instance.environment(), "SPAREKEY_LISTEN": "127.0.0.1:0"},
                                   stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
            self.equal("read-only: serve says so", (serve.returncode, "hint: " in serve.stderr), (73, True))
            self.equal("not a byte changed", instance.sqlite_file.read_bytes() == before, True)
            subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
            self.equal("writable again: a reset", instance.reset("kim", NEW)[0], 0)
            self.whole(instance)


def main():
    if os.geteuid() != 0:
        print("disks: skipped, needs root")
        sys.exit(0)
    tally = Tally()
    disks = Disks(tally)
    with fresh_instance() as base:
        base.add("kim", "kim@example.org", OLD, "--no-force-change")
        disks.full(base)
        disks.read_only(base)
    tally.check("every answer and every line of the log", disks.broken)
    tally.finish(f"full and read-only disks, {ROUNDS} rounds")


if __name__ == "__main__":
    main()
