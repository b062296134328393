"""CPU, wall time and memory of one reset: Sparekey's with a generated password, and Django's changepassword at a terminal.

The two alternate, so that a machine that slows down slows both; the figures are medians. A warm-up of each is thrown away.
Memory is the largest resident set as the kernel counts it, which is at least this script's own (about 20 MB).
"""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

from table import Grid
from trial.instance import ADMIN, BINARY, Instance, discard, fresh_folder
from trial.terminal import Terminal

RUNS = 11
HERE = pathlib.Path(__file__).parent
PASSWORDS = ("meadow-Copper-74-signal", "harbour-Violet-31-anchor")


def measured(usage, begun):
    return (usage.ru_utime + usage.ru_stime) * 1000, (time.monotonic() - begun) * 1000, usage.ru_maxrss / 1024


def sparekey(instance):
    begun = time.monotonic()
    process = subprocess.Popen([BINARY, "reset-password", ADMIN[0], "--generate"], env=instance.environment(),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    answer = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 or len(answer) < 16:
        raise RuntimeError(f"sparekey ended with {process.returncode}")
    return measured(usage, begun)


def django(environment, password):
    begun = time.monotonic()
    terminal = Terminal([sys.executable, "-m", "django", "changepassword", ADMIN[0]], environment)
    for prompt in ("Password: ", r"Password \(again\): "):
        problems = terminal.see(prompt)
        if problems:
            raise RuntimeError(f"changepassword: {problems[0]}")
        terminal.press(password + "\r")
    if terminal.finish() != 0:
        raise RuntimeError(f"changepassword failed: {terminal.screen}")
    terminal.close()
    return measured(terminal.usage, begun)


def django_site(folder):
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(HERE), "DJANGO_SETTINGS_MODULE": "django_site.settings",
                   "BENCH_DATABASE": str(folder / "django.sqlite3"), "DJANGO_SUPERUSER_PASSWORD": ADMIN[2]}
    for arguments in (["migrate"], ["createsuperuser", "--noinput", "--username", ADMIN[0], "--email", ADMIN[1]]):
        subprocess.run([sys.executable, "-m", "django", *arguments], env=environment, check=True, capture_output=True)
    return environment


def main():
    folder = fresh_folder()
    instance = Instance(folder / "data")
    instance.folder.mkdir(mode=0o700)
    instance.set_up()
    environment = django_site(folder)
    ours, theirs = [], []
    for number in range(RUNS + 1):
        ours.append(sparekey(instance))
        theirs.append(django(environment, PASSWORDS[number % 2]))
    discard(folder)
    table(ours[1:], theirs[1:])


def table(ours, theirs):
    print(f"median of {RUNS} alternating runs, argon2id m=19456,t=2,p=1, SQLite; this script's own peak is "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, binary {os.stat(BINARY).st_size >> 20} MB")
    grid = Grid("A reset by command, SQLite", ["CPU ms", "wall ms", "MB"])
    medians = [[statistics.median(column) for column in zip(*runs)] for runs in (ours, theirs)]
    grid.row("sparekey reset-password --generate", medians[0])
    grid.row("django changepassword", medians[1])
    grid.row("ratio", [mine / other for mine, other in zip(*medians)])


if __name__ == "__main__":
    main()
