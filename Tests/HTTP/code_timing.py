"""Whether the time of an answer to a forgotten password tells whose name it was (SEC-4, NEX-4): existing, missing or
disabled, at each step, on a quiet server, while others keep it busy, and with a console that is full and hardly read.

    code_timing.py [SAMPLES]

SAMPLES of each, 200 if nothing is said. An answer takes so little that a bad moment of the machine weighs more than the
bound: what is found is measured again, with fresh samples. A server that tells tells each time.
"""

import contextlib
import fcntl
import sys
import time

from trial.crowd import calling
from trial.instance import ADMIN
from trial.many import add_copies
from trial.server import SECONDS, Server, fresh_instance
from trial.tally import Tally
from trial.telltale import AGAIN, EXISTING, TRIES, Caller, analyse, in_turns, judged, message

NEW = "meadow-Copper-74-signal"
BRANCHES = (EXISTING, AGAIN, "missing", "disabled")
STEPS = ("request", "verify", "reset")
WARM_UP, CALLERS = 30, 4
SETTINGS = {"SPAREKEY_POLICY": "basic", "SPAREKEY_CODE_LIFETIME": "1h"} | {
    f"SPAREKEY_LIMITS_{act}": "100000/100000" for act in ("REQUEST", "GUESS")}


class SlowConsole(Server):
    """A console that takes a page, and is read by one that takes his time."""

    def _read(self, stream, lines):
        if stream is self.process.stdout:
            fcntl.fcntl(stream, fcntl.F_SETPIPE_SZ, 4096)
            while self.process.poll() is None:
                time.sleep(0.2)
                stream.read1(80)
        super()._read(stream, lines)


def names(branch, run, count):
    return [f"{dict(zip(BRANCHES, 'exmd'))[branch]}-{run}-{number:05d}" for number in range(count)]


def request_for(step, name, code):
    body = {"username": name} | ({} if step == "request" else {"code": code}) | ({"newPassword": NEW} if step == "reset" else {})
    return message(f"/api/password-reset/{step}", body)


class Telling:
    def __init__(self, instance, tally, samples):
        self.instance, self.tally, self.samples = instance, tally, samples
        for run in range(2 * TRIES):
            for branch, changed in ((EXISTING, {}), (AGAIN, {}), ("disabled", {"active": 0})):
                add_copies(instance, ADMIN[0], names(branch, run, samples + WARM_UP), role="user", **changed)

    def measure(self, server, step, run):
        """Each name is asked for once a step: at the first, its code comes to live, whoever it means."""
        shown = {code for _, code in server.codes()}
        code = next(text for text in map("{:06}".format, range(10_000)) if text not in shown)
        caller, status = Caller((server.host, int(server.port)), False), 200 if step == "request" else 400
        for name in names("missing", run, WARM_UP):
            caller.seconds(request_for(step, name, code), status)
        return analyse(in_turns(caller, {
            branch: [request_for(step, name, code) for name in names(branch, run, self.samples + WARM_UP)[WARM_UP:]]
            for branch in BRANCHES}, status))

    def judge(self, server, title, step, runs):
        left = iter(enumerate(runs))

        def measure():
            number, run = next(left)
            # A try uses codes up.
            if number and run and step != "request":
                self.all_codes(server, [run])
            print(f"  {title}: {step}")
            return self.measure(server, step, run)

        self.tally.check(f"{title}: {step}", judged(measure))

    def all_codes(self, server, runs):
        """Asks for every name and waits until each has what stands for a code."""
        caller = Caller((server.host, int(server.port)), False)
        for run in runs:
            for branch in BRANCHES:
                for name in names(branch, run, self.samples + WARM_UP):
                    caller.seconds(request_for("request", name, None), 200)
        caller.close()
        end = time.monotonic() + SECONDS
        while int(server.sql("SELECT COUNT(*) FROM reset_request WHERE state = 'new'")[0][0]):
            if time.monotonic() > end:
                raise RuntimeError("requests are not looked at")
            time.sleep(0.02)


def main():
    samples = int(sys.argv[1]) if sys.argv[1:] else 200
    tally = Tally()
    with fresh_instance(settings=SETTINGS) as instance:
        telling = Telling(instance, tally, samples)
        quiet, other = range(TRIES), range(TRIES, 2 * TRIES)
        with Server(instance, limits="standard") as server:
            telling.judge(server, "quiet", "request", quiet)
            telling.all_codes(server, [0])
            for step in STEPS[1:]:
                telling.judge(server, "quiet", step, quiet)
            busy = request_for("verify", "somebody", "000000").replace(b"Content-Type", b"Connection: close\r\nContent-Type")
            with calling((server.host, int(server.port)), busy, CALLERS):
                telling.judge(server, "busy", "request", other)
                # A reset with a wrong code goes the same way as a verify.
                telling.judge(server, "busy", "verify", quiet)
        with SlowConsole(instance, limits="standard") as slow:
            for step in STEPS:
                telling.judge(slow, "slow console", step, quiet if step == "request" else [0] * TRIES)
            with contextlib.suppress(ProcessLookupError):
                begun = time.monotonic()
                slow.stop()
        tally.check("a slow console does not keep the server from ending",
                    [] if time.monotonic() - begun < 60 else [f"{time.monotonic() - begun:.1f} s"])
    for each in (server, slow):
        tally.check("every line of the log", each.broken)
    tally.finish(f"code timing, {samples} samples")


if __name__ == "__main__":
    main()
