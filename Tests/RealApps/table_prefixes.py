"""Programs whose settings choose what their tables begin with: the tables of a fixture are renamed, and the program is told,
reset and put back all the same. Two of one kind in one database are told apart by their names, never guessed. Servers join where
they are at hand (dev/with-postgres dev/with-mariadb)."""

import re

from profile_cases import CASES, NEW, OLD
from trial.instance import BINARY, discard, fresh_folder
from trial.operator import Operator, bytes_of, same_files
from trial.program import MariaDB, PostgreSQL, SQLite, expect, fixture, kinds
from trial.tally import Tally
from trial.terminal import Terminal

# The usual prefix, another one, and the databases.
PROGRAMS = {
    "wordpress": ("wp_", "blog7_", (MariaDB,)),
    "nextcloud": ("oc_", "Cloud_", (SQLite, PostgreSQL, MariaDB)),
    "mediawiki": ("", "mw_", (SQLite,)),
    "n8n": ("", "flows_", (SQLite, PostgreSQL)),
    "snipe-it": ("", "snipe_", (MariaDB,)),
    "bookstack": ("", "bs7", (MariaDB,)),
}


def renamed(script, usual, other):
    """The script with tables, and the values that carry the prefix, of another one."""
    for name in re.findall(r"CREATE TABLE\s+[`\"]?(\w+)", script):
        script = re.sub(rf"\b(TABLE|INTO|ON|REFERENCES)(\s+[`\"]?){name}\b", rf"\1\2{other}{name[len(usual):]}", script)
    return script.replace(f"'{usual}capabilities'", f"'{other}capabilities'")


def moved(names, usual, other):
    """What is expected to change, in tables of the other prefix."""
    return {other + name[len(usual):] for name in names}


def case_of(profile):
    return next(case for case in CASES if case.profile == profile)


class Place:
    def __init__(self, kind, *scripts):
        self.folder = fresh_folder()
        place = self.folder / "program"
        place.mkdir()
        self.program = kind(place / "app.db") if kind is SQLite else kind("prefix_trial")
        for script in scripts:
            self.program.load(script)
        self.operator = Operator(self.folder / "data")

    def close(self):
        self.program.remove()
        discard(self.folder)


def other_prefix(profile, kind):
    usual, other, _ = PROGRAMS[profile]
    case = case_of(profile)
    place = Place(kind, renamed(fixture(profile, kind), usual, other))
    try:
        return told(place, f"{profile}:{other}") + there_and_back(place, case, usual, other, f"{profile}:{other}")
    finally:
        place.close()


def told(place, reference):
    """The tables alone say which program it is, and so do they where it is named without a prefix."""
    problems = []
    for names in ((), (reference.split(":")[0],), (reference,)):
        answer = place.operator.sparekey("apps", "check", *names, "--database", place.program.address, "--json")
        problems += answer.expect(0)
        if not answer.status:
            fitting = [one["name"] for one in answer.document()["profiles"] if one["fits"]]
            problems += [] if fitting == [reference] else [f"apps check {names} says {fitting}"]
    usual = reference.split(":")[0] + ":" + PROGRAMS[reference.split(":")[0]][0]
    return problems + place.operator.sparekey(
        "apps", "check", usual, "--database", place.program.address).expect(78, "does not fit")


def there_and_back(place, case, usual, other, reference, *more):
    before = place.program.dump()
    answer = place.operator.reset(place.program.address, case.account, NEW, "--json", *case.more, *more)
    after = place.program.dump()
    gone = moved(case.gone, usual, other)
    problems = answer.expect(0) + expect(before, after, moved(case.changed(), usual, other) | gone)
    if answer.status:
        return problems
    row = after[other + case.table[len(usual):]][1][case.key]
    problems += [f"{password} is {case.judge(row, password)}" for password, wanted in ((NEW, True), (OLD, False))
                 if case.judge(row, password) is not wanted]
    problems += place.operator.sparekey("undo", str(answer.document()["reset"])).expect(0)
    return problems + [f"undo: {one}" for one in expect(before, place.program.dump(), gone)]


def both(profile, kind):
    """Two in one database: nothing is guessed, and a name means one of them."""
    usual, other, _ = PROGRAMS[profile]
    case, reference = case_of(profile), f"{profile}:{other}"
    script = fixture(profile, kind)
    # An index has a name of its own in the whole database.
    second = re.sub(r"(INDEX\s+[`\"]?)(\w+)", r"\1second_\2", renamed(script, usual, other))
    place = Place(kind, script, second)
    try:
        before, files = place.program.dump(), bytes_of(place.folder)
        said = (rf"{profile}, {reference}|{reference}, {profile}", "--profile")
        for named in ((), ("--profile", profile)):
            answer = place.operator.reset(place.program.address, case.account, NEW, *named)
            yield f"two in one database {named}", answer.refused(65, *said) + expect(before, place.program.dump(), ()) + (
                same_files(files, bytes_of(place.folder, place.operator.folder)))
        for prefix in (usual, other):
            yield f"one of two by its name, {prefix}", there_and_back(
                place, case, usual, prefix, "", "--profile", f"{profile}:{prefix}")
        yield from attached(place, case, usual, other, profile)
        yield "one of two at a terminal", chosen(place, case, usual, other)
    finally:
        place.close()


def attached(place, case, usual, other, profile):
    """What is attached means its tables for good: also when others come beside them, or take their place."""
    adding = ["apps", "add", "site", "--database", place.program.address, "--yes"]
    yield "which one is attached is said", place.operator.sparekey(*adding).refused(65, f"{profile}:{other}", "--profile")
    yield "one is attached", place.operator.sparekey(*adding, "--profile", f"{profile}:{other}").expect(0)
    settings = (place.operator.folder / "sparekey.yaml").read_text()
    yield "its prefix is among its settings", [] if f"profile: {profile}:{other}" in settings else [settings]
    yield "it fits by its own tables", place.operator.sparekey("apps", "check", "site").expect(0)
    before = place.program.dump()
    answer = place.operator.sparekey(
        "reset-password", "--app", "site", case.account, "--password-stdin", "--yes", *case.more, password=NEW)
    expected = moved(case.changed(), usual, other) | moved(case.gone, usual, other)
    # What was deleted by the resets before is gone already.
    left = {one for one in expected if not one.endswith(" gone") or _is_there(before, one)}
    yield "a reset there", answer.expect(0) + expect(before, place.program.dump(), left)


def _is_there(dump, name):
    table, key = re.fullmatch(r"(.*)\[(.*)\] gone", name).groups()
    return key in {str(one) for one in dump[table][1]}


def chosen(place, case, usual, other):
    """The list names the tables, and the number behind a name means them."""
    before = place.program.dump()
    terminal = Terminal([BINARY, "reset-password", "--database", str(place.program.address), case.account, "--generate",
                         "--no-force-change"], place.operator.environment())
    try:
        problems = terminal.see("Which one is it")
        listed = {match[1]: match[0] for match in re.findall(r"(\d)  ([^\r\n]*)", terminal.screen)}
        number = next((digit for text, digit in listed.items() if other in text), None)
        problems += [] if number and len(listed) == 2 else [f"it lists {listed}"]
        terminal.press(f"{number or 9}\r")
        problems += terminal.see(r"\(y/n\)")
        terminal.press("y\r")
        status, screen = terminal.finish(), terminal.screen
    finally:
        terminal.close()
    problems += [] if status == 0 else [f"ended with {status}:\n{screen}"]
    wanted = {f"{other}{case.table[len(usual):]}[{case.key}].{column}" for column in ("password",)}
    return problems + expect(before, place.program.dump(), wanted)


def strange(kind):
    """What a program would not take for a prefix is none: no such table is touched or named."""
    usual, _, _ = PROGRAMS["nextcloud"]
    for other in ("oc-2_", "o c_", "o;c_", "a_prefix_of_more_than_24_letters_"):
        place = Place(kind, renamed(fixture("nextcloud", kind), usual, other))
        try:
            before = bytes_of(place.folder)
            answer = place.operator.reset(place.program.address, "ada", NEW)
            yield f"no prefix: {other}", answer.refused(78) + same_files(before, bytes_of(place.folder))
        finally:
            place.close()
    place = Place(kind, fixture("nextcloud", kind))
    try:
        for name, said in (("nextcloud:oc_;", "begins so"), ("django:x_", "no prefix"), ("nextcloud:x_", "x_filecache: there is no such table")):
            yield f"--profile {name}", place.operator.reset(place.program.address, "ada", NEW, "--profile", name).refused(78, said)
    finally:
        place.close()


def main():
    tally = Tally()
    for profile, (_, other, databases) in PROGRAMS.items():
        for kind in databases:
            if kind in kinds():
                tally.check(f"{profile}, {kind.name}: tables {other}", other_prefix(profile, kind))
    for name, problems in both("nextcloud", SQLite):
        tally.check(name, problems)
    for name, problems in strange(SQLite):
        tally.check(name, problems)
    tally.finish("table prefixes")


if __name__ == "__main__":
    main()
