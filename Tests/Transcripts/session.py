"""Reads a `.session` file: a short play of what a person types, and what the program must answer.

    account NAME E-MAIL PASSWORD     an account that exists beforehand; the first one is made by `setup`
    asked NAME                       somebody asked for a reset code for that name
    setting NAME=VALUE               a variable of the environment
    bare root [no devices]           in a root with the binary and its libraries only, as a uid without a name; the second
                                     form lacks /dev too, as a root may that somebody enters to rescue it

    terminal$ sparekey ARGUMENTS     run on a terminal
    split$ sparekey ARGUMENTS        the same, with standard output and error kept apart from it
    piped$ sparekey ARGUMENTS        without any terminal; `input TEXT` below it is standard input
    sqlite3$ STATEMENT               what somebody does to the database with SQLite's own shell
    shell$ COMMAND                   what somebody does, or finds so, in the data folder; $data is that folder,
                                     $fixtures is Tests/Fixtures, $postgres an empty database there; it ends with 0

    see REGEX          appears on the terminal, after what was seen before
    type TEXT          typed, with Enter            secret TEXT      the same, and never shown anywhere
    press KEY          Ctrl-C, Ctrl-D, Ctrl-U, Ctrl-Z, Backspace
    locked             from here to the command's end somebody else holds the database's write lock
    exit N             the exit status (every command has one)
    out REGEX, err REGEX, screen REGEX               found in what was written;  `no out`, `no err`: nothing was
    out is TEXT        exactly this and a line feed
    keep REGEX         the first group, found in standard output, is $kept from here on
    never REGEX        found nowhere in what was written
    works NAME PASSWORD, refused NAME PASSWORD       judged from the database, without the program
    changes nothing    the accounts are, byte for byte, what they were before the command

After every command the terminal's modes must be what they were. Text is split as a shell would split it.
"""

import dataclasses
import shlex
import subprocess

COMMANDS = ("terminal$", "split$", "piped$", "sqlite3$", "shell$")


@dataclasses.dataclass
class Command:
    kind: str
    arguments: list
    line: int
    steps: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Session:
    name: str
    accounts: list = dataclasses.field(default_factory=list)
    asked: list = dataclasses.field(default_factory=list)
    settings: dict = dataclasses.field(default_factory=dict)
    root: str = ""
    commands: list = dataclasses.field(default_factory=list)


def read(path):
    session = Session(path.stem)
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word in ("sqlite3$", "shell$"):
            session.commands.append(Command(word, [rest], number))
        elif word in COMMANDS:
            program, *arguments = shlex.split(rest)
            if program != "sparekey":
                raise SystemExit(f"error: {path.name}:{number}: only sparekey is run")
            session.commands.append(Command(word, arguments, number))
        elif session.commands:
            session.commands[-1].steps.append((word, rest, number))
        elif word == "account":
            session.accounts.append(shlex.split(rest))
        elif word == "asked":
            session.asked.append(rest)
        elif word == "setting":
            session.settings.update([rest.split("=", 1)])
        elif word == "bare":
            session.root = rest
        else:
            raise SystemExit(f"error: {path.name}:{number}: {word} has no meaning before a command")
    return session


def run_without_terminal(arguments, environment, lines):
    """Runs with pipes, in a session of its own, so that there is no controlling terminal either."""
    return subprocess.run(arguments, env=environment, cwd="/", input=lines, capture_output=True, text=True,
                          start_new_session=True, timeout=300)
