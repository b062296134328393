"""Puts known passwords through setup, users add and every form of reset, then searches all that was written or left behind:
the data folder (database, write-ahead log, locks), the output, the system calls of the process and its children, a core."""

import os
import resource
import select
import signal
import sqlite3
import subprocess
import tempfile

from needles import find, find_in_folder, written_in_trace
from trial.instance import ADMIN, BINARY, Instance, discard, fresh_folder
from trial.tally import Tally
from trial.terminal import Terminal

SETTINGS = {"SPAREKEY_SYNC_KEYS": "true", "SPAREKEY_POLICY_HISTORY": "3"}
EMAIL = "grace@example.org"
GIVEN = [f"{word}-Würfel?>{number}-tandem" for number, word in enumerate(
    ("copper", "saffron", "violet", "meadow", "harbour", "lantern", "window", "signal"), 41)]
WEAK = "zqxj~7"


class Search:
    def __init__(self):
        self.tally = Tally()
        self.instance = Instance(fresh_folder(), settings=SETTINGS)
        self.secrets = [(ADMIN[0], ADMIN[2])]

    def run(self, name, *arguments, password=None, supplied=None, shows=False, status=0):
        """Runs one form; `shows` says that a generated password is the answer on standard output."""
        if supplied or password:
            self.secrets.append(("grace", supplied or password))
        ended, out, err = self.instance.run(*arguments, password=password)
        problems = [] if ended == status else [f"ended with {ended}, not {status}: {err.strip()}"]
        if shows:
            self.secrets.append(("grace", out.strip()))
        else:
            problems += find(out.encode(), "standard output", self.secrets)
        self.tally.check(name, problems + find(err.encode(), "standard error", self.secrets))

    def forms(self):
        self.instance.set_up()
        add = ("users", "add", "--display-name", "Grace", "--username", "grace", "--email", EMAIL)
        self.run("users add", *add, "--password-stdin", password=GIVEN[0])
        # A reader that stays keeps the write-ahead log from being folded into the database and deleted.
        reader = sqlite3.connect(self.instance.sqlite_file)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM account").fetchall()
        self.run("users add, generated", "users", "add", "--display-name", "Alan", "--username", "alan", "--email",
                 "alan@example.org", "--generate", shows=True)
        self.run("reset, argument", "reset-password", EMAIL, GIVEN[1], supplied=GIVEN[1])
        self.run("reset, standard input", "reset-password", EMAIL, "--password-stdin", password=GIVEN[2])
        self.run("reset, JSON", "reset-password", "grace", "--password-stdin", "--json", password=GIVEN[3])
        self.run("reset, generated", "reset-password", "grace", "--generate", shows=True)
        self.run("reset, generated without a word", "reset-password", "grace", shows=True)
        self.run("reset, too weak", "reset-password", "grace", "--password-stdin", password=WEAK, status=65)
        self.run("reset, used before", "reset-password", "grace", "--password-stdin", password=GIVEN[3], status=65)
        self.run("reset, unknown account", "reset-password", "nobody", "--password-stdin", password=GIVEN[4], status=67)
        self.run("doctor", "doctor")
        self.run("doctor, JSON", "doctor", "--json")
        self.interactive()
        self.traced()
        self.tally.check("there is a write-ahead log to search", [] if self.instance.sqlite_file.with_name(
            "sparekey.db-wal").stat().st_size else ["it is empty"])
        count, problems = find_in_folder(self.instance.folder, self.secrets)
        self.tally.check("data folder", problems)
        reader.close()
        print(f"searched {count} files of the data folder for {len(self.secrets)} passwords")

    def interactive(self):
        terminal = Terminal([BINARY, "reset-password"], self.instance.environment())
        problems = terminal.see("(?i)(e-?mail|account).*: ?$")
        terminal.press("grace\r")
        problems += terminal.see(r"\(y/n\): ?")
        terminal.press("y\r")
        for _ in range(2):
            problems += terminal.see("(?i)password: ?$")
            terminal.press(GIVEN[5] + "\r")
        self.secrets.append(("grace", GIVEN[5]))
        status = terminal.finish() if not problems else terminal.kill()
        problems += [] if status == 0 else [f"ended with {status}"]
        self.tally.check("reset, interactive", problems + find(terminal.screen.encode(), "the screen", self.secrets))
        terminal.close()

    def traced(self):
        """Every write, sent message and started program of one reset, children included."""
        self.secrets.append(("grace", GIVEN[6]))
        with tempfile.NamedTemporaryFile("r") as log:
            subprocess.run(
                ["strace", "-f", "-qq", "-xx", "-s", "1000000", "-o", log.name, "-e",
                 "trace=execve,write,pwrite64,writev,pwritev,sendto,sendmsg", BINARY, "reset-password", "grace",
                 "--password-stdin"], env=self.instance.environment(), input=GIVEN[6] + "\n", text=True,
                capture_output=True, check=True, timeout=120)
            text = log.read()
        starts = text.count("execve(")
        problems = [] if starts == 1 else [f"{starts} programs were started, not one"]
        self.tally.check("system calls", problems + written_in_trace(text, self.secrets))

    def core(self):
        """A crash with a password in memory leaves no core, although the limit allows one."""
        limit = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (limit[1], limit[1]))
        for number in (signal.SIGSEGV, signal.SIGABRT):
            folder = fresh_folder()
            terminal = Terminal([BINARY, "setup", "--email", EMAIL, "--username", "grace", "--display-name", "Grace",
                                 "--domain", "files.example.org"], Instance(folder).environment())
            problems = terminal.see("(?i)password: ?$")
            terminal.press(GIVEN[7])
            problems += terminal.see(r"\*{%d}" % len(GIVEN[7]))
            os.kill(terminal.process.pid, number)
            problems += ended_by(number, terminal.process)
            self.tally.check(f"no core at {number.name}", problems + find(
                terminal.screen.encode(), "the screen", [("grace", GIVEN[7])]))
            terminal.close()
            discard(folder)


def ended_by(number, process):
    """Problems when a crash does anything but end the process at once: Swift's own crash handler, on a terminal, shows the
    state of the process and waits for somebody who would look at its memory."""
    watched = os.pidfd_open(process.pid)
    ended, _, _ = select.select([watched], [], [], 120)
    os.close(watched)
    if not ended:
        return [f"{number.name} did not end it within 120 s"]
    _, status = os.waitpid(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    problems = ["it dumped core"] if os.WCOREDUMP(status) else []
    return problems + ([] if process.returncode == -number else [f"it ended with {process.returncode}"])


def main():
    search = Search()
    search.forms()
    search.core()
    discard(search.instance.folder)
    search.tally.finish("secrets")


if __name__ == "__main__":
    main()
