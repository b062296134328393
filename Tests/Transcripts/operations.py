"""Follows Docs/operations as an operator would: every `console` block is typed into a shell on a machine of its own, and what the
terminal shows must be what the page says it shows.

    $ sparekey users show nobody    # ends with 67
    error: there is no account 'nobody'
    …

A command ends with 0 unless the page says otherwise. `…` stands for anything within its line; alone, for any lines. A section (`## `)
begins with an instance of its own, which has the administrator ada and the user grace. Comments, which readers do not see, say the rest:

    <!-- stage: server, SPAREKEY_POLICY=basic -->   of a section: a server runs, a setting; `empty`: nothing is set up;
                                                    `alone`: ada is the only account
    <!-- before: COMMAND -->                        run where it stands, and not shown
    <!-- typed: TEXT | TEXT -->                     of the block below: what is typed where it asks, stars stand for it
"""

import dataclasses
import re
import sys

from trial.instance import ROOT, Instance, discard, fresh_folder
from trial.machine import Machine, at_terminal
from trial.tally import Tally

PAGES = ROOT / "Docs/operations"
ADA = ("ada", "ada@example.org", "quartz-Lantern-58-otter")
GRACE = ("grace", "grace@example.org", "harbour-Violet-31-anchor")
STATUS = re.compile(r"\s+# ends with (\d+)$")
TRIED = ("console",)
# Blocks that hold no command: a file's content, a call's body.
SHOWN = ("yaml", "json", "text")


@dataclasses.dataclass
class Command:
    place: str
    text: str
    status: int = 0
    shown: list = dataclasses.field(default_factory=list)
    typed: list = dataclasses.field(default_factory=list)
    hidden: bool = False


@dataclasses.dataclass
class Section:
    title: str
    stage: list = dataclasses.field(default_factory=list)
    commands: list = dataclasses.field(default_factory=list)


def sections(path):
    """The sections of a page with their commands. A fence of a language that nobody tries ends the run."""
    section = Section(f"{path.name}: beginning")
    found, fence, typed = [section], None, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        place = f"{path.name}:{number}"
        if line.startswith("```"):
            fence = None if fence else line[3:] or "nothing"
            if fence not in (None, *TRIED, *SHOWN):
                raise SystemExit(f"error: {place}: a block of {fence} is never tried")
        elif fence in TRIED:
            _read(line, place, section.commands, typed)
            typed = [] if section.commands[-1].typed else typed
        elif fence is None and line.startswith("## "):
            section = Section(f"{path.name}: {line[3:]}")
            found.append(section)
        elif fence is None and (comment := re.fullmatch(r"<!-- (stage|before|typed): (.*) -->", line)):
            word, rest = comment.groups()
            if word == "before":
                section.commands.append(Command(place, rest, hidden=True))
            elif word == "stage":
                section.stage = rest.split(", ")
            else:
                typed = rest.split(" | ")
    return [section for section in found if section.commands]


def _read(line, place, commands, typed):
    """A line of a block: a command, its continuation, or what it shows."""
    if line.startswith("$ "):
        ends = STATUS.search(line)
        text = STATUS.sub("", line[2:])
        commands.append(Command(place, text, int(ends[1]) if ends else 0, typed=list(typed)))
    elif commands[-1].text.endswith("\\") and not commands[-1].shown:
        ends = STATUS.search(line)
        commands[-1].text += "\n" + STATUS.sub("", line)
        commands[-1].status = int(ends[1]) if ends else 0
    else:
        commands[-1].shown.append(line)


def prompts(command):
    """What is waited for before each text is typed: the line of the page that ends in it, or in as many stars."""
    lines = iter(command.shown)
    for text in command.typed:
        ends = {"Ctrl-C": ["^C", ""], "": [""]}.get(text, [text, "*" * len(text)])
        line = next((line for line in lines if any(line.endswith(": " + end) for end in ends)), None)
        if line is None:
            raise SystemExit(f"error: {command.place}: no line of the block ends in what is typed: {text}")
        end = next(end for end in ends if line.endswith(": " + end))
        yield at_terminal(line[:len(line) - len(end)]), text


def differences(wanted, shown):
    """The first line that is not as the page has it."""
    pattern = "".join("(?:.*\n)*" if line == "…" else at_terminal(line) + "\n" for line in wanted)
    if re.fullmatch(pattern, "".join(line + "\n" for line in shown)):
        return []
    return ["the page says", *(f"    {line}" for line in wanted), "the terminal shows", *(f"    {line}" for line in shown)]


def follow(command, machine):
    """Returns what is not as the page says, and whether the shell is ready for the next command."""
    status, shown, problems = machine.run(command.text, prompts(command))
    if command.hidden:
        found = problems + ([f"it ended with {status}", *shown] if status else [])
    else:
        ended = [] if status == command.status else [f"it ended with {status}, the page says {command.status}"]
        found = problems + ended + differences(command.shown, shown)
    return [f"$ {command.text}", *found] if found else [], not problems


def play(section, bases, tally):
    settings = dict(word.split("=", 1) for word in section.stage if "=" in word)
    base = next((bases[word] for word in ("empty", "alone") if word in section.stage), bases["two"])
    machine = Machine(base, settings)
    try:
        tally.check(section.title, machine.problems)
        if "server" in section.stage:
            tally.check(section.title, follow(Command(section.title, "systemctl start sparekey", hidden=True), machine)[0])
        for command in section.commands:
            found, goes_on = follow(command, machine)
            tally.check(f"{command.place} ({section.title})", found)
            if not goes_on:
                break
    finally:
        machine.close()


def people(folder):
    """Nothing, ada alone, and ada with grace."""
    instances = {"empty": None}
    for name, more in (("alone", ()), ("two", (GRACE,))):
        (folder / name).mkdir(mode=0o700)
        instance = Instance(folder / name)
        username, email, password = ADA
        instance.must("setup", "--email", email, "--username", username, "--display-name", "Ada Lovelace",
                      "--domain", "files.example.org", "--password-stdin", password=password)
        for person in more:
            instance.add(*person, "--no-force-change")
        instances[name] = instance.folder
    return instances


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def links(tally):
    """Each link of the pages leads to a file, and to a heading in it."""
    for path in [*sorted(PAGES.glob("*.md")), ROOT / "README.md"]:
        for target in re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text()):
            name, _, fragment = target.partition("#")
            file = (path.parent / name).resolve() if name else path
            headings = re.findall(r"^#+ (.*)$", file.read_text(), re.MULTILINE) if file.is_file() else []
            well = file.exists() and (not fragment or fragment in map(anchor, headings))
            tally.check(f"{path.name}: {target}", [] if well else ["leads nowhere"])


def main():
    """With words, only the sections whose title holds one of them."""
    tally, folder = Tally(), fresh_folder()
    bases = people(folder)
    links(tally)
    for path in sorted(PAGES.glob("*.md")):
        for section in sections(path):
            if not sys.argv[1:] or any(word in section.title for word in sys.argv[1:]):
                play(section, bases, tally)
    discard(folder)
    tally.finish("operations")


if __name__ == "__main__":
    main()
