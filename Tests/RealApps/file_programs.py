"""Radicale, nginx, Dovecot and DokuWiki themselves, running, over the fixtures' files: the program's own sign-in takes the new password
and refuses the old one after a reset, without a restart, and the other way round after undo. Which program it is is left to
the file. A few seconds; nothing of the system's is touched."""

import contextlib
import shutil

from trial.dokuwiki import DokuWiki
from trial.file_programs import Dovecot, Nginx, Radicale
from trial.instance import discard, fresh_folder
from trial.operator import Operator
from trial.program import FIXTURES
from trial.tally import Tally
from trial.visitor import Visitor

OLD = "meadow-Copper-74-signal"
NEW = "harbour-Violet-31-anchor"
# (the running program, the profile, the file's path below the folder, accounts)
PROGRAMS = [
    (Nginx, "htpasswd", ".htpasswd", ("ada", "grace", "Ada", "alan", "barbara")),
    (Radicale, "radicale", "radicale/users", ("ada", "grace", "alan")),
    (Dovecot, "dovecot", "users", ("ada@example.org", "grace@example.org", "alan@example.org", "barbara@example.org")),
    (DokuWiki, "dokuwiki", "conf/users.auth.php", ("ada", "grace", "alan")),
]


def entering(program, account, right, wrong):
    problems = [] if program.enters(account, right) else ["the right password is refused"]
    return problems + (["the other password enters"] if program.enters(account, wrong) else [])


def there_and_back(program, operator, profile, account):
    """Reset and undone: both by the program's own sign-in, which asks each time."""
    before = program.file.read_bytes()
    problems = [f"before: {one}" for one in entering(program, account, OLD, NEW)]
    answer = operator.reset(program.file, account, NEW, "--json")
    problems += answer.expect(0)
    if answer.status:
        return problems
    document = answer.document()
    problems += [] if document["account"]["app"] == profile else [f"it was taken for {document['account']['app']}"]
    problems += [f"after the reset: {one}" for one in entering(program, account, NEW, OLD)]
    problems += operator.sparekey("undo", str(document["reset"])).expect(0)
    problems += [f"after undo: {one}" for one in entering(program, account, OLD, NEW)]
    return problems + ([] if program.file.read_bytes() == before else ["undo left the file otherwise"])


def stays(program, operator):
    """An account keeps its new password while another one is reset in the same file."""
    accounts = sorted(line.split(":")[0] for line in program.file.read_text().splitlines() if ":$2y$" in line)[:2]
    problems = []
    for account in accounts:
        problems += operator.reset(program.file, account, NEW).expect(0)
    return problems + [one for account in accounts for one in entering(program, account, NEW, OLD)]


def sessions(program, operator):
    """A browser of before goes on while DokuWiki believes its session, and is asked for the new password after that."""
    early = Visitor(program)
    problems = [] if program.signs_in(early, "ada", OLD) else ["the old password is refused"]
    answer = operator.reset(program.file, "ada", NEW, "--json")
    problems += answer.expect(0)
    late = Visitor(program)
    problems += [] if program.signs_in(late, "ada", NEW) else ["the new password is refused"]
    problems += [] if program.is_signed_in(early) else ["the session was not believed any longer"]
    program.trusts(-1)
    problems += ["the earlier session goes on"] if program.is_signed_in(early) else []
    problems += [] if program.is_signed_in(late) else ["the later session has ended"]
    problems += operator.sparekey("undo", str(answer.document()["reset"])).expect(0) if not answer.status else []
    return problems + (["undo left the session with the new password"] if program.is_signed_in(late) else [])


def main():
    tally = Tally()
    for kind, profile, name, accounts in PROGRAMS:
        folder = fresh_folder()
        with contextlib.ExitStack() as stack:
            stack.callback(discard, folder)
            file = folder / "kept" / name
            file.parent.mkdir(parents=True)
            shutil.copy(FIXTURES / f"{profile}.file", file)
            place = folder / "program"
            place.mkdir()
            operator = Operator(folder / "data")
            program = stack.enter_context(kind(place, file))
            for account in accounts:
                tally.check(f"{kind.__name__}, {account}", there_and_back(program, operator, profile, account))
            if kind is Nginx:
                tally.check("Nginx, two in one file", stays(program, operator))
            if kind is DokuWiki:
                tally.check("DokuWiki, sessions", sessions(program, operator))
    tally.finish("real programs with a file")


if __name__ == "__main__":
    main()
