"""Runs the `Example:` of every help text, as it stands there, in a shell, and wants status 0: on an instance that holds the
accounts and resets which the examples name. What an example asks for in the terminal is answered."""

import os
import pathlib
import signal
import subprocess

from reference import commands, help_of
from trial import cluster
from trial.asked import ask
from trial.instance import BINARY, Instance, discard, fresh_folder
from trial.tally import Tally
from trial.terminal import Terminal

PASSWORD = "correct horse battery staple"
# Examples that need somebody not to be there yet.
EMPTY = ("sparekey setup",)
WITHOUT_ADA = ("sparekey users add",)
# What is typed where an example asks.
TYPED = {
    "sparekey hash": [PASSWORD, PASSWORD], "sparekey hash verify": [PASSWORD], "sparekey users remove": ["y"],
    "sparekey generate-reset-token": ["generate"], "sparekey apps add": ["y"], "sparekey apps remove": ["y"], "sparekey key rotate": ["y"],
}
# What must be there before an example can be followed.
GITEA = pathlib.Path(__file__).parent.parent.resolve() / "Fixtures/apps/gitea.sql"
MAKE_GITEA = f"mkdir /mnt/gitea && sqlite3 /mnt/gitea/gitea.db < {GITEA}"
MEMOS = GITEA.with_name("memos.sql")
MAKE_KUMA = f"mkdir /mnt/kuma && sqlite3 /mnt/kuma/kuma.db < {MEMOS}"
BEFORE = {
    "sparekey restore": ["sparekey backup /mnt/backups/sparekey-2026-02-12.backup"],
    "sparekey apps check": [MAKE_GITEA], "sparekey apps add": [MAKE_GITEA], "sparekey apps scan": [MAKE_GITEA],
    "sparekey apps detect": [MAKE_KUMA],
    "sparekey apps remove": [MAKE_GITEA, "sparekey apps add git --yes --database /mnt/gitea/gitea.db"],
}
# The address of a database that the examples name.
SERVER = "postgres://sparekey@db.example.org/sparekey"
RESETS = 12
REQUESTS = 12
# Runs until somebody ends it: it works when it says that it listens, and ends with 0 when it is told to.
ENDLESS = ("sparekey serve",)


class Stage:
    """A home of its own, where the program is on the PATH and the folders that examples name exist."""

    def __init__(self, base):
        self.home = fresh_folder()
        self.instance = base.copy(self.home / "data") if base else Instance(self.home / "data")
        (self.home / "bin").mkdir()
        (self.home / "bin/sparekey").symlink_to(BINARY)
        (self.home / "mnt/backups").mkdir(parents=True)

    def _shell(self, command):
        """A backup is meant for another disk, which is a folder here; a server takes any port that is free; a database server is
        the tests' own."""
        command = command.replace("/mnt/", f"{self.home}/mnt/").replace("127.0.0.1:8081", "127.0.0.1:0")
        if SERVER in command:
            command = command.replace(SERVER, f"'{cluster.new_database()}'")
        environment = {**self.instance.environment(), "HOME": str(self.home), "PASSWORD": PASSWORD, "TERM": "xterm",
                       "PATH": f"{self.home}/bin:/usr/bin:/bin"}
        return ["bash", "-c", f"cd {self.home}; {command}"], environment

    def run(self, command):
        """Returns the status and what was shown."""
        line, environment = self._shell(command)
        done = subprocess.run(line, env=environment, stdin=subprocess.DEVNULL, text=True, capture_output=True,
                              start_new_session=True, timeout=300)
        return done.returncode, done.stdout + done.stderr

    def run_typing(self, command, typed):
        terminal = Terminal(*self._shell(command))
        problems = []
        for text in typed:
            problems += terminal.see(r": $")
            terminal.press(text + "\r")
        if problems:
            terminal.kill()
        status = terminal.finish()
        terminal.close()
        return status, terminal.screen

    def run_until_it_listens(self, command):
        line, environment = self._shell(command)
        process = subprocess.Popen(line, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True, start_new_session=True)
        shown = ""
        for text in process.stderr:
            shown += text
            if '"listening"' in text:
                os.killpg(process.pid, signal.SIGTERM)
        return process.wait(timeout=300), shown


def example(name):
    """The command behind `Example:`, as it stands there."""
    return help_of(name).split("\nExample: ", 1)[1].strip()


def people(folder, ada):
    """An instance with an administrator, alice and perhaps ada, whose latest reset and request are number 12."""
    instance = Instance(folder)
    instance.must("setup", "--email", "root@example.com", "--username", "root", "--display-name", "Root",
                  "--domain", "diy.example.com", "--generate")
    instance.add("alice", "alice@example.com", "harbour-Violet-31-anchor")
    if ada:
        instance.add("ada", "ada@example.com", "quartz-Lantern-58-otter")
        for _ in range(RESETS):
            instance.must("reset-password", "ada")
        for _ in range(REQUESTS):
            ask(instance, "ada")
    return instance


def tried(name, base):
    stage = Stage(base)
    try:
        for first in BEFORE.get(name, []):
            status, shown = stage.run(first)
            if status:
                return [first, f"ended with {status}: {shown}"]
        if name in ENDLESS:
            status, shown = stage.run_until_it_listens(example(name))
        elif name in TYPED:
            status, shown = stage.run_typing(example(name), TYPED[name])
        else:
            status, shown = stage.run(example(name))
        return [] if status == 0 else [f"{example(name)}", f"ended with {status}: {shown}"]
    finally:
        discard(stage.home)


def main():
    folder, tally = fresh_folder(), Tally()
    everybody, some = people(folder / "everybody", ada=True), people(folder / "some", ada=False)
    for name in commands():
        tally.check(name, tried(name, None if name in EMPTY else some if name in WITHOUT_ADA else everybody))
    discard(folder)
    tally.finish("examples")


if __name__ == "__main__":
    main()
