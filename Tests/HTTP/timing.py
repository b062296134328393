"""Whether the time of a refused sign-in tells whose name it was: existing, missing, disabled, without a password, or with
a hash of an older and quicker kind (SEC-4). Each name is tried once, as somebody who looks for accounts would.

    timing.py [SAMPLES] [--fresh] [--old FORMAT[:COST]] [--delay-existing]

SAMPLES of each branch, 200 if nothing is said, each round in another order, on one keep-alive connection or on fresh ones.
Two samples of existing names say how much of a difference is chance. --delay-existing asks through a proxy that delays
existing names by 5 %, or by more where the machine's noise would hide that, and must fail; without it the script asks so at
the end, to prove that its analysis can fail. What is found is measured again with fresh samples: chance does not come again.
"""

import argparse
import contextlib
import socket
import statistics
import threading
import time

from trial.instance import ADMIN
from trial.many import add_copies
from trial.server import Server, fresh_instance
from trial.tally import Tally
from trial.telltale import (
    AGAIN,
    ERRORS,
    EXISTING,
    TRIES,
    Caller,
    analyse,
    chance_of_medians,
    in_turns,
    judged,
    message,
    read_message,
)

PASSWORD = ADMIN[2]
WRONG = "not-the-Password-58-otter"
BRANCHES = (EXISTING, AGAIN, "missing", "disabled", "no password", "old hash")
# How a name begins, all as long as each other: nothing but the account differs.
INITIALS = dict(zip(BRANCHES, "exmdno"))
EXISTING_MARKS = [f'"username": "{INITIALS[branch]}'.encode() for branch in (EXISTING, AGAIN)]
DELAY, DELAYED_BRANCHES = 0.05, (EXISTING, AGAIN, "missing")
WARM_UP = 30


def sign_in(name, password):
    return message("/api/auth/login", {"username": name, "password": password})


class Proxy:
    """Hands requests on, and holds back the answers about existing names for a while."""

    def __init__(self, address):
        self.target, self.delay = address, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self.serve, args=(self.listener.accept()[0],), daemon=True).start()

    def serve(self, caller):
        with contextlib.closing(caller), socket.create_connection(self.target) as server:
            for connection in (caller, server):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while request := read_message(caller):
                server.sendall(request)
                answer = read_message(server)
                if any(mark in request for mark in EXISTING_MARKS):
                    time.sleep(self.delay)
                caller.sendall(answer)


def names(branch, count, run):
    return [f"{INITIALS[branch]}-{run:02d}-{number:05d}" for number in range(count)]


def prepare(instance, samples, run, old):
    """As many accounts of each kind as will be asked for. The warm-up asks for existing ones."""
    made, _ = instance.must("hash", "make", "--format", old[0], *(["--cost", old[1]] if old[1:] else []), "--password-stdin",
                            password=PASSWORD)
    differences = {EXISTING: {}, AGAIN: {}, "disabled": {"active": 0}, "no password": {"password_hash": None},
                   "old hash": {"password_hash": made.strip()}}
    for branch, changed in differences.items():
        add_copies(instance, ADMIN[0], names(branch, samples + WARM_UP, run), **changed)


def measure(caller, branches, samples, run):
    """Seconds by branch. A disabled account is asked with its right password, which goes furthest before it is refused."""
    lists = {branch: names(branch, samples + WARM_UP, run) for branch in branches}
    for name in lists[EXISTING][:WARM_UP]:
        caller.seconds(sign_in(name, WRONG), 401)
    return in_turns(caller, {branch: [sign_in(name, PASSWORD if branch == "disabled" else WRONG) for name in found[WARM_UP:]]
                             for branch, found in lists.items()}, 401)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("samples", nargs="?", type=int, default=200)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--old", default="sha512-crypt:5000")
    parser.add_argument("--delay-existing", action="store_true")
    options = parser.parse_args()
    tally = Tally()
    with fresh_instance() as instance:
        for run in range(2 * TRIES + 1):
            prepare(instance, options.samples, run, options.old.split(":"))
        with Server(instance) as server:
            address = (server.host, int(server.port))
            trial(tally, address, options)
        tally.check("every line of the log", server.broken)
    tally.finish(f"timing, {options.samples} samples")


def trial(tally, address, options):
    runs, noise = iter(range(2 * TRIES)), 0.0
    caller = Caller(address, options.fresh)
    asked = [sign_in(name, WRONG) for name in names(EXISTING, WARM_UP, 2 * TRIES)]
    middle = statistics.median(caller.seconds(one, 401) for one in asked)

    def refusals():
        nonlocal noise
        found = measure(caller, BRANCHES, options.samples, next(runs))
        noise = chance_of_medians(found)
        return analyse(found)

    def delayed():
        """At least 5 %, and more where the machine's noise would hide it."""
        nonlocal noise
        proxy.delay = max(DELAY * middle, 3 * ERRORS * noise)
        print(f"  through a proxy that delays existing names by {proxy.delay * 1000:.3f} ms ({proxy.delay / middle:.0%})")
        # A delay as large as that shows in a hundred.
        samples = options.samples if options.delay_existing else min(100, options.samples)
        found = measure(Caller(proxy.address, options.fresh), DELAYED_BRANCHES, samples, next(runs))
        noise = chance_of_medians(found)
        return [] if analyse(found) else ["it found nothing"]

    if not options.delay_existing:
        print(f"  {options.samples} of each, {'fresh connections' if options.fresh else 'one connection'}")
        tally.check("the time of a refusal tells nothing", judged(refusals))
    proxy = Proxy(address)
    blind = judged(delayed)
    proxy.listener.close()
    if options.delay_existing:
        tally.check("the time of a refusal tells nothing", [] if blind else ["it tells of the proxy"])
    else:
        tally.check("the same analysis sees the proxy", blind)


if __name__ == "__main__":
    main()
