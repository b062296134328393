"""Plays the sessions in Tests/Transcripts against the built program: `replay.py [NAME…]`, all of them without a name."""

import os
import pathlib
import re
import sqlite3
import subprocess
import sys

import session as sessions
from stage import BareRoot, Stage
from trial import cluster
from trial.stored import Stored
from trial.tally import Tally
from trial.terminal import KEYS, Terminal

FIXTURES = pathlib.Path(__file__).parent.parent.resolve() / "Fixtures"
CREDENTIALS = "SELECT * FROM account a LEFT JOIN sync_credential s ON s.account_id = a.id ORDER BY a.id"


class Player:
    def __init__(self, session):
        self.session = session
        self.stage = BareRoot(session) if session.root else Stage(session)
        self.secrets = [password for _, _, password, *_ in session.accounts]
        self.kept = ""
        self.postgres = None
        self.lock = None

    def play(self):
        problems = []
        for command in self.session.commands:
            problems += [f"line {command.line}: {problem}" for problem in self._command(command)]
        self.stage.close()
        return problems

    def _command(self, command):
        if command.kind == "sqlite3$":
            subprocess.run(["sqlite3", self.stage.instance.sqlite_file, *command.arguments], check=True)
            return []
        folder = str(self.stage.instance.folder)
        command.arguments = [argument.replace("$data", folder).replace("$fixtures", str(FIXTURES))
                             for argument in command.arguments]
        if any("$postgres" in argument for argument in command.arguments):
            self.postgres = self.postgres or cluster.new_database()
            command.arguments = [argument.replace("$postgres", self.postgres) for argument in command.arguments]
        if command.kind == "shell$":
            failed = subprocess.run(command.arguments, shell=True, cwd=folder, env=self.stage.shell()).returncode
            return ["it is not so, or could not be done"] if failed else []
        before = self._credentials()
        run = self._piped if command.kind == "piped$" else self._on_terminal
        status, out, err, screen, problems = run(command)
        written = {"out": out, "err": err, "screen": screen}
        for word, rest, line in command.steps:
            found = self._judge(word, self._filled(rest), status, written, before)
            problems += [f"{problem} (line {line})" for problem in found]
        if not any(word == "exit" for word, _, _ in command.steps):
            problems.append("the session names no exit status")
        everything = out + err + screen
        if any(secret in everything for secret in self.secrets):
            problems.append("a password was shown")
        if problems:
            problems.append("what was written:\n" + "\n".join(f"      {line}" for line in everything.splitlines()))
        return problems

    def _filled(self, text):
        return text.replace("$kept", self.kept)

    def _credentials(self):
        try:
            return Stored(self.stage.instance).rows(CREDENTIALS)
        except (sqlite3.Error, FileNotFoundError):
            return None

    def _piped(self, command):
        arguments, environment = self.stage.command([self._filled(word) for word in command.arguments])
        lines = "".join(self._filled(rest) + "\n" for word, rest, _ in command.steps if word == "input")
        self.secrets += [rest for word, rest, _ in command.steps if word == "input"]
        done = sessions.run_without_terminal(arguments, environment, lines)
        return done.returncode, done.stdout, done.stderr, "", []

    def _on_terminal(self, command):
        arguments, environment = self.stage.command([self._filled(word) for word in command.arguments])
        terminal = Terminal(arguments, environment, apart=command.kind == "split$")
        problems = []
        try:
            for word, rest, line in command.steps:
                problems += [f"{problem} (line {line})" for problem in self._act(terminal, word, rest)]
                if problems:
                    terminal.kill()
                    break
            status = terminal.finish()
            if self.lock:
                self.lock.close()
                self.lock = None
            if not problems and not terminal.is_restored():
                problems.append("the terminal's modes are not what they were")
            out, err = terminal.streams() if terminal.apart else ("", "")
            return status, out, err, terminal.screen.replace("\r\n", "\n"), problems
        finally:
            terminal.close()

    def _act(self, terminal, word, rest):
        if word == "see":
            return terminal.see(rest)
        if word in ("type", "secret"):
            self.secrets += [rest] if word == "secret" and rest else []
            terminal.press(rest + "\r")
        elif word == "press":
            terminal.press(KEYS[rest])
        elif word == "locked":
            self.lock = sqlite3.connect(self.stage.instance.sqlite_file, isolation_level=None)
            self.lock.execute("BEGIN IMMEDIATE")
        return []

    def _judge(self, word, rest, status, written, before):
        if word == "exit":
            return [] if status == int(rest) else [f"exit status {status}, not {rest}"]
        if word == "no":
            return [f"{rest} is not empty"] if written[rest] else []
        if word == "out" and rest.startswith("is "):
            return [] if written["out"] == rest[3:] + "\n" else [f"standard output is not exactly {rest[3:]!r}"]
        if word in written:
            return [] if re.search(rest, written[word], re.MULTILINE) else [f"{word} does not hold /{rest}/"]
        if word == "keep":
            found = re.search(rest, written["out"], re.MULTILINE)
            self.kept = found[1] if found else ""
            return [] if found else [f"standard output does not hold /{rest}/"]
        if word == "never":
            return [f"/{rest}/ was written"] if re.search(rest, "".join(written.values()), re.MULTILINE) else []
        if word in ("works", "refused"):
            username, password = rest.split(" ", 1)
            accepted, problems = Stored(self.stage.instance).working(username, [password])
            return problems + ([] if bool(accepted) == (word == "works") else [f"it is not so that {word} {username}"])
        if word == "changes":
            return [] if self._credentials() == before else ["the accounts changed"]
        return [] if word in ("see", "type", "secret", "press", "locked", "input") else [f"{word} has no meaning"]


def main():
    folder = pathlib.Path(__file__).parent / "sessions"
    wanted = sys.argv[1:] or sorted(path.stem for path in folder.glob("*.session"))
    tally, skipped = Tally(), 0
    for name in wanted:
        session = sessions.read(folder / f"{name}.session")
        if session.root and os.geteuid() != 0:
            skipped += 1
            continue
        tally.check(name, Player(session).play())
    if skipped:
        print(f"{skipped} skipped: a bare root needs root (chroot, mknod)")
    tally.finish("transcripts")


if __name__ == "__main__":
    main()
