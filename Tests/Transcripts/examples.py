"""Runs the `Example:` of every help text, as it stands there, in a shell, and wants status 0: on an instance that holds the
accounts and resets which the examples name. What an example asks for in the terminal is answered."""

import subprocess

from reference import commands, help_of
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
    "sparekey generate-reset-token": ["generate"],
}
RESETS = 12


class Stage:
    """A home of its own, where the program is on the PATH and the folders that examples name exist."""

    def __init__(self, base):
        self.home = fresh_folder()
        self.instance = base.copy(self.home / "data") if base else Instance(self.home / "data")
        (self.home / "bin").mkdir()
        (self.home / "bin/sparekey").symlink_to(BINARY)
        (self.home / "mnt/backups").mkdir(parents=True)

    def run(self, command, typed):
        """Returns the status and what was shown. A backup is meant for another disk: here that is a folder."""
        command = command.replace("/mnt/", f"{self.home}/mnt/")
        environment = {**self.instance.environment(), "HOME": str(self.home), "PASSWORD": PASSWORD, "TERM": "xterm",
                       "PATH": f"{self.home}/bin:/usr/bin:/bin"}
        line = f"cd {self.home} && {command}"
        if typed is None:
            done = subprocess.run(["bash", "-c", line], env=environment, stdin=subprocess.DEVNULL, text=True,
                                  capture_output=True, start_new_session=True, timeout=120)
            return done.returncode, done.stdout + done.stderr
        terminal = Terminal(["bash", "-c", line], environment)
        problems = []
        for text in typed:
            problems += terminal.see(r": $")
            terminal.press(text + "\r")
        status = terminal.finish() if not problems else terminal.kill()
        terminal.close()
        return status if not problems else problems[0], terminal.screen


def example(name):
    """The command behind `Example:`, as it stands there."""
    return help_of(name).split("\nExample: ", 1)[1].strip()


def people(folder, ada):
    """An instance with an administrator, alice and perhaps ada, whose latest reset is number 12."""
    instance = Instance(folder)
    instance.must("setup", "--email", "root@example.com", "--username", "root", "--display-name", "Root",
                  "--domain", "diy.example.com", "--generate")
    instance.add("alice", "alice@example.com", "harbour-Violet-31-anchor")
    if ada:
        instance.add("ada", "ada@example.com", "quartz-Lantern-58-otter")
        for _ in range(RESETS):
            instance.must("reset-password", "ada")
    return instance


def tried(name, base):
    stage = Stage(base)
    try:
        status, shown = stage.run(example(name), TYPED.get(name))
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
