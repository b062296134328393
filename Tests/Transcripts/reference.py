"""The commands of the program: the headings of Docs/commands.md, which a unit test holds against the parser."""

import re
import subprocess

from trial.instance import BINARY, ROOT


def commands():
    """Every command and group as it is typed, the root first."""
    return re.findall(r"^## (sparekey.*)$", (ROOT / "Docs/commands.md").read_text(), re.MULTILINE)


def is_group(name):
    return any(other.startswith(name + " ") for other in commands())


def leaves():
    """The commands that do something, groups left out."""
    return [name for name in commands() if not is_group(name)]


def help_of(name):
    """What `--help` prints."""
    done = subprocess.run([BINARY, *name.split()[1:], "--help"], capture_output=True, text=True, check=True, timeout=300)
    return done.stdout


def options_of(name):
    """The options in the help text of a command, without those that only its example shows."""
    return set(re.findall(r"--[a-z][a-z-]*", help_of(name).split("\nExample: ")[0])) | {"--help"}
