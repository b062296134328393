"""Whether the time of an answer tells what the name in the request means. Two samples of the same kind of name say how much
of a difference is chance."""

import bisect
import gc
import json
import random
import socket
import statistics
import time

EXISTING, AGAIN = "existing", "the same"
MEDIAN_SHARE = 0.03


def message(path, body):
    """A request as bytes, on a connection that stays."""
    data = json.dumps(body).encode()
    return (b"POST %s HTTP/1.1\r\nHost: files.example.org\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (path.encode(), len(data), data))


class Caller:
    """Times one request from the first byte sent to the last one read."""

    def __init__(self, address, is_fresh):
        self.address, self.is_fresh, self.connection = address, is_fresh, None

    def seconds(self, request, status):
        if self.is_fresh or self.connection is None:
            self.close()
            self.connection = socket.create_connection(self.address, timeout=120)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begun = time.perf_counter()
        self.connection.sendall(request)
        answer = read_message(self.connection)
        took = time.perf_counter() - begun
        if not answer.startswith(b"HTTP/1.1 %d " % status):
            raise RuntimeError(f"not {status}: {answer[:80]!r}")
        return took

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None


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
        piece = connection.recv(65536)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


def in_turns(caller, requests, status):
    """Seconds by branch; `requests` has as many of each. One of each a round, in another order each time: what changes
    meanwhile in the server or the machine changes for all."""
    found = {branch: [] for branch in requests}
    gc.collect()
    gc.disable()
    for row in zip(*requests.values(), strict=True):
        for branch, request in random.sample(list(zip(requests, row)), len(row)):
            found[branch].append(caller.seconds(request, status))
    gc.enable()
    caller.close()
    return found


def auc_bound(samples):
    return 0.05 if samples >= 2000 else 0.15


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


def chance_of_medians(found):
    """The standard error of the difference of two medians, by the spread of two samples of the same kind of name. It counts
    where an answer takes so little that 3 % of it are less than a scheduler's whim."""
    differences = [one - other for one, other in zip(found[EXISTING], found[AGAIN])]
    middle = statistics.median(differences)
    spread = 1.4826 * statistics.median(abs(difference - middle) for difference in differences)
    return 1.2533 * spread / len(differences) ** 0.5


def analyse(found, errors=0):
    """Prints a line a branch; returns sentences about those that can be told from existing names. A median may differ by so
    many standard errors in any case."""
    found = levelled(found)
    medians = {branch: statistics.median(values) for branch, values in found.items()}
    middle, chance = medians[EXISTING], auc(found[EXISTING], found[AGAIN])
    most = max(MEDIAN_SHARE * middle, 2 * abs(medians[AGAIN] - middle), errors * chance_of_medians(found))
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
