"""What computing a hash costs beside its own library's rate: `sparekey hash verify` as a whole process, less what one takes for a hash
that costs nothing, and the library called from here, in turn; medians of CPU milliseconds. The ratio is 1 where nothing is lost.
PBKDF2 is BoringSSL's, beside OpenSSL's."""

import base64
import ctypes
import hashlib
import os
import statistics
import subprocess
import sys
import time

from table import Grid
from trial.instance import BINARY

RUNS, MOST = 9, 1.25
PASSWORD = "meadow-Copper-74-signal"
SALT = b"sixteen bytes of"


def sodium(memory=19456 << 10, passes=2):
    library = ctypes.CDLL("libsodium.so.23")
    if library.sodium_init() < 0:
        raise RuntimeError("libsodium does not start")
    stored, length = ctypes.create_string_buffer(128), ctypes.c_ulonglong(len(PASSWORD))
    library.crypto_pwhash_str_alg(stored, PASSWORD.encode(), length, ctypes.c_ulonglong(passes), ctypes.c_size_t(memory), 2)
    return stored.value.decode(), lambda: library.crypto_pwhash_str_verify(stored, PASSWORD.encode(), length)


def crypt(setting):
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    stored = library.crypt(PASSWORD.encode(), setting.encode()).decode()
    return stored, lambda: library.crypt(PASSWORD.encode(), stored.encode())


def pbkdf2(rounds=600_000):
    def derive():
        return hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), SALT, rounds)
    return f"$pbkdf2-sha256$i={rounds},l=32${text(SALT)}${text(derive())}", derive


def text(data):
    return base64.b64encode(data).decode().rstrip("=")


def spent(*arguments):
    process = subprocess.Popen([BINARY, *arguments], env={"PATH": "/usr/bin:/bin", "HOME": "/"}, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(PASSWORD.encode() + b"\n")
    process.stdin.close()
    said = process.stdout.read() + process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments[:2]}: {said.decode()}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def alone(compute):
    begun = time.process_time()
    compute()
    return (time.process_time() - begun) * 1000


def main():
    grid = Grid("Hashing, CPU ms", ["Sparekey", "its library", "ratio"])
    missed, (cheapest, _) = 0, sodium(8192, 1)
    for name, (stored, compute) in (("argon2id m=19456,t=2,p=1 (libsodium)", sodium()),
                                    ("bcrypt 12 (libxcrypt)", crypt("$2b$12$abcdefghijklmnopqrstuu")),
                                    ("sha512-crypt 656000 (libxcrypt)", crypt("$6$rounds=656000$saltsaltsaltsalt$")),
                                    ("pbkdf2-sha256 600000", pbkdf2())):
        rounds = []
        for _ in range(RUNS + 1):
            nothing = spent("hash", "verify", cheapest, "--password-stdin")
            rounds.append((spent("hash", "verify", stored, "--password-stdin") - nothing, alone(compute)))
        ours, theirs = (statistics.median(column) for column in zip(*rounds[1:]))
        isMissed = "(" in name and ours / theirs >= MOST
        grid.row(name, [ours, theirs, ours / theirs], "  MISSED" if isMissed else "")
        missed += isMissed
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
