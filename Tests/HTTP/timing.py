"""Whether the time of a refused sign-in tells whose name it was: existing, missing, disabled, without a password, or with
a hash of an older and quicker kind (SEC-4). Each name is tried once, as somebody who looks for accounts would.

    timing.py [SAMPLES] [--fresh] [--old FORMAT[:COST]] [--delay-existing]

SAMPLES of each branch, 200 if nothing is said, each round in another order, on one keep-alive connection or on fresh ones.
Two samples of existing names say how much of a difference is chance. --delay-existing asks through a proxy that delays
existing names by 5 %, and must fail; without it the script asks so at the end, to prove that its analysis can fail.
"""

import argparse
import bisect
import contextlib
import gc
import json
import random
import socket
import statistics
import threading
import time

from trial.instance import ADMIN
from trial.many import add_copies
from trial.server import Server, fresh_instance
from trial.tally import Tally

PASSWORD = ADMIN[2]
WRONG = "not-the-Password-58-otter"
EXISTING, AGAIN = "existing", "the same"
BRANCHES = (EXISTING, AGAIN, "missing", "disabled", "no password", "old hash")
# How a name begins, all as long as each other: nothing but the account differs.
INITIALS = dict(zip(BRANCHES, "exmdno"))
EXISTING_MARKS = [f'"username": "{INITIALS[branch]}'.encode() for branch in (EXISTING, AGAIN)]
DELAY, DELAYED_BRANCHES = 0.05, (EXISTING, AGAIN, "missing")
MEDIAN_SHARE = 0.03
WARM_UP = 30


def auc_bound(samples):
    return 0.05 if samples >= 2000 else 0.15


class Caller:
    """Times one sign-in from the first byte sent to the last one read."""

    def __init__(self, address, is_fresh):
        self.address, self.is_fresh, self.connection = address, is_fresh, None

    def seconds(self, name, password):
        if self.is_fresh or self.connection is None:
            self.close()
            self.connection = socket.create_connection(self.address, timeout=30)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = sign_in(name, password)
        begun = time.perf_counter()
        self.connection.sendall(request)
        answer = read_message(self.connection)
        took = time.perf_counter() - begun
        if not answer.startswith(b"HTTP/1.1 401 "):
            raise RuntimeError(f"no refusal: {answer[:80]!r}")
        return took

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None


def sign_in(name, password):
    body = json.dumps({"username": name, "password": password}).encode()
    return (b"POST /api/auth/login HTTP/1.1\r\nHost: files.example.org\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


def read_message(connection):
    """A request or an answer with its body, as long as its Content-Length says; empty at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


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
    return [f"{INITIALS[branch]}-{run}-{number:05d}" for number in range(count)]


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
    found = {branch: [] for branch in branches}
    for name in lists[EXISTING][:WARM_UP]:
        caller.seconds(name, WRONG)
    gc.collect()
    gc.disable()
    for number in range(WARM_UP, WARM_UP + samples):
        # One of each a round: a floor or a machine that changes meanwhile changes for all.
        for branch in random.sample(branches, len(branches)):
            found[branch].append(caller.seconds(lists[branch][number], PASSWORD if branch == "disabled" else WRONG))
    gc.enable()
    caller.close()
    return found


def auc(ones, others):
    """How often one of `others` is the longer of a pair with one of `ones`, ties counting half: 0.5 where nothing tells."""
    ranked = sorted(ones)
    below = sum(bisect.bisect_left(ranked, other) + bisect.bisect_right(ranked, other) for other in others)
    return below / (2 * len(ones) * len(others))


def levelled(found):
    """Takes out what a round has in common, as a patient attacker would: the floor's and the machine's ups and downs."""
    rounds = [statistics.median(values) for values in zip(*found.values())]
    middle = statistics.median(rounds)
    return {branch: [value - common + middle for value, common in zip(values, rounds)] for branch, values in found.items()}


def analyse(found):
    """Prints a line a branch; returns sentences about those that can be told from existing names."""
    found = levelled(found)
    medians = {branch: statistics.median(values) for branch, values in found.items()}
    middle, chance = medians[EXISTING], auc(found[EXISTING], found[AGAIN])
    most = max(MEDIAN_SHARE * middle, 2 * abs(medians[AGAIN] - middle))
    bound, problems = auc_bound(len(found[EXISTING])), []
    for branch, values in found.items():
        difference, told = medians[branch] - middle, auc(found[EXISTING], values)
        print(f"    {branch:12} median {medians[branch] * 1000:7.3f} ms ({difference / middle:+7.2%})   AUC {told:.3f}")
        if branch in (EXISTING, AGAIN):
            continue
        if abs(difference) > most:
            problems.append(f"{branch}: the median differs by {difference * 1000:+.3f} ms, at most {most * 1000:.3f}")
        if abs(told - chance) > bound:
            problems.append(f"{branch}: AUC {told:.3f}, the same against the same {chance:.3f}")
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("samples", nargs="?", type=int, default=200)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--old", default="sha512-crypt:5000")
    parser.add_argument("--delay-existing", action="store_true")
    options = parser.parse_args()
    tally = Tally()
    with fresh_instance() as instance:
        for run in ("true", "fake"):
            prepare(instance, options.samples, run, options.old.split(":"))
        with Server(instance) as server:
            address = (server.host, int(server.port))
            trial(tally, address, options)
        tally.check("every line of the log", server.broken)
    tally.finish(f"timing, {options.samples} samples")


def trial(tally, address, options):
    middle = None
    if not options.delay_existing:
        print(f"  {options.samples} of each, {'fresh connections' if options.fresh else 'one connection'}")
        found = measure(Caller(address, options.fresh), BRANCHES, options.samples, "true")
        tally.check("the time of a refusal tells nothing", analyse(found))
        middle = statistics.median(found[EXISTING])
    proxy = Proxy(address)
    if middle is None:
        middle = statistics.median(Caller(address, False).seconds(name, WRONG) for name in names(EXISTING, WARM_UP, "true"))
    proxy.delay = DELAY * middle
    print(f"  through a proxy that delays existing names by {proxy.delay * 1000:.3f} ms")
    # A delay as large as that shows in a hundred.
    samples = options.samples if options.delay_existing else min(100, options.samples)
    found = measure(Caller(proxy.address, options.fresh), DELAYED_BRANCHES, samples, "fake")
    problems = analyse(found)
    proxy.listener.close()
    if options.delay_existing:
        tally.check("the time of a refusal tells nothing", problems)
    else:
        tally.check("the same analysis sees the proxy's 5 %", [] if problems else ["it found nothing"])


if __name__ == "__main__":
    main()
