"""A real Django site, running, and its own login: on SQLite, and on PostgreSQL and MariaDB where they are at hand
(dev/with-postgres dev/with-mariadb). One operator without any set-up resets passwords beside it."""

import os
import threading

from trial.django import HASHERS, Running, Site, Visitor
from trial.instance import discard, fresh_folder
from trial.operator import Operator, copy_is, journal_mode
from trial.program import SQLite, expect, kinds
from trial.tally import Tally

OLD = "harbour-Violet-31-anchor"
NEW = "meadow-Copper-74-signal"
OWNER = 4242


class Trial:
    """A site with ada (who runs it), grace (deactivated), alan (no usable password) and one account a hasher."""

    def __init__(self, kind):
        self.folder = fresh_folder()
        self.place = self.folder / "site"
        self.place.mkdir()
        self.program = kind(self.place / "db.sqlite3") if kind is SQLite else kind("django_trial")
        self.site = Site(self.place, self.program)
        self.site.superuser("ada", "Ada@example.org", OLD)
        self.site.people([("grace", "grace@example.org", OLD, "default", False), ("alan", "", None, "default", True)]
                         + [(name, f"{name}@example.org", OLD, name, True) for name in HASHERS])
        self.operator = Operator(self.folder / "data")

    def reset(self, account, password, *more):
        return self.operator.reset(self.program.address, account, password, *more)

    def sparekey(self, *arguments):
        return self.operator.sparekey(*arguments)

    def user(self, username):
        return self.program.rows("SELECT * FROM auth_user WHERE username = ?", (username,))[0]

    def of(self, username):
        """What a reset may change: this one column of this one row."""
        return {f"auth_user[{self.user(username)['id']}].password"}

    def close(self):
        self.program.remove()
        discard(self.folder)


def nothing_changed(trial, status, *said, account="ada", more=()):
    """A reset that must leave every row, and an instance that need not be there, as they were."""
    before, had = trial.program.dump(), trial.operator.folder.exists()
    answer = trial.sparekey("reset-password", "--database", trial.program.address, account, *more)
    problems = answer.refused(status, *said) if status else answer.expect(0, *said)
    problems += expect(before, trial.program.dump(), ())
    if trial.operator.folder.exists() and not had:
        problems.append("the data folder was made for it")
    return problems


def before_the_first(trial, tally):
    """Looks and refusals, with nothing set up yet."""
    name = trial.program.name
    tally.check(f"{name}: --dry-run", nothing_changed(trial, 0, more=("--generate", "--dry-run")))
    tally.check(f"{name}: no terminal and no --yes", nothing_changed(trial, 64, r"--yes", more=("--generate",)))
    tally.check(f"{name}: unknown account", nothing_changed(
        trial, 67, "nobody", account="nobody", more=("--generate", "--yes")))
    tally.check(f"{name}: no usable password", nothing_changed(
        trial, 65, "no usable password", "changepassword", account="alan", more=("--generate", "--yes")))


def there_and_back(trial, server, tally):
    """Signed in; reset; the new password enters and the old does not, the session has ended; undo; the old one enters."""
    name = trial.program.name
    early = Visitor(server)
    tally.check(f"{name}: the old password enters", [] if early.sign_in("ada", OLD) else ["it did not"])
    before = trial.program.dump()
    answer = trial.reset("ada", NEW, "--json")
    after = trial.program.dump()
    problems = answer.expect(0) + expect(before, after, trial.of("ada"))
    if problems:
        return tally.check(f"{name}: reset", problems)
    document = answer.document()
    tally.check(f"{name}: reset", [] if (
        document["account"]["username"] == "ada" and document["account"]["app"] == "django"
        and document["requirePasswordChange"] is False and "password" not in document) else [str(document)])
    tally.check(f"{name}: the earlier session has ended", ["it has not"] if early.is_signed_in() else [])
    late = Visitor(server)
    tally.check(f"{name}: who enters after the reset", entering(server, "ada", late, NEW, OLD))
    before = trial.program.dump()
    answer = trial.sparekey("undo", str(document["reset"]))
    tally.check(f"{name}: undo", answer.expect(0) + expect(before, trial.program.dump(), trial.of("ada")))
    tally.check(f"{name}: the session of the undone password has ended", ["it has not"] if late.is_signed_in() else [])
    tally.check(f"{name}: who enters after undo", entering(server, "ada", Visitor(server), OLD, NEW))
    tally.check(f"{name}: undo once only", trial.sparekey("undo", str(document["reset"])).refused(65))


def entering(server, username, visitor, right, wrong):
    """Both are tried; the right one by `visitor`, who stays signed in."""
    problems = ["the right password is refused"] if not visitor.sign_in(username, right) else []
    return problems + (["the other password enters"] if Visitor(server).sign_in(username, wrong) else [])


def other_ways(trial, server, tally):
    """By e-mail with a generated password, and an account that cannot sign in all the same."""
    name = trial.program.name
    before = trial.program.dump()
    answer = trial.sparekey("reset-password", "--database", trial.program.address, "ADA@Example.org", "--generate", "--yes")
    problems = answer.expect(0, "'ada'") + expect(before, trial.program.dump(), trial.of("ada"))
    generated = answer.out.removesuffix("\n")
    problems += [] if len(generated) >= 16 and "\n" not in generated else ["standard output is not the password alone"]
    tally.check(f"{name}: by e-mail, generated", problems or entering(server, "ada", Visitor(server), generated, OLD))
    before = trial.program.dump()
    answer = trial.reset("grace", NEW)
    problems = answer.expect(0, "deactivated", "cannot sign in") + expect(before, trial.program.dump(), trial.of("grace"))
    tally.check(f"{name}: a deactivated account", problems + (
        ["it signs in"] if Visitor(server).sign_in("grace", NEW) else []))


def own_login(trial, server, tally):
    """Where the operator said where it is, the site's own login is tried with the new password, once, and the answer said."""
    name = trial.program.name
    taken, refused, unknown = "own sign-in takes the new password", "own sign-in refused", "is not known"

    def tried(account, login, *said, password=NEW):
        trial.sparekey("apps", "remove", "site", "--yes")
        trial.sparekey("apps", "add", "site", "--profile", "django", "--database", trial.program.address, "--login", login,
                       "--yes")
        answer = trial.operator.sparekey("reset-password", "--app", "site", account, "--password-stdin", "--yes",
                                         password=password)
        return answer.expect(0, *said) + (["it said the password"] if password in answer.err + answer.out else [])

    login = f"{server.url}/admin/login/"
    tally.check(f"{name}: its own login takes it", tried("ada", login, taken))
    awkward = "meadow & <Copper> 74% + \"signal\" \u00e9\u00df"
    tally.check(f"{name}: its own login takes what has to be encoded", tried("ada", login, taken, password=awkward))
    # The site reads one hasher only, and writes no other: it refuses what another one made.
    tally.check(f"{name}: its own login refuses", tried("argon2", login, refused, "sparekey undo"))
    tally.check(f"{name}: a page without a form", tried("ada", f"{server.url}/", unknown, "no form with the field password"))
    tally.check(f"{name}: a redirect is not followed", tried("ada", f"{server.url}/admin/", unknown, "answers 302"))
    tally.check(f"{name}: nobody there", tried("ada", "http://127.0.0.1:1/admin/login/", unknown, "nobody answers"))
    tally.check(f"{name}: who cannot sign in is not tried", tried(
        "grace", login, "deactivated", rf"^(?!.*({taken}|{refused}|{unknown}))"))
    trial.sparekey("apps", "remove", "site", "--yes")


def amid_sign_ins(trial, server, tally):
    """People sign in and out all the while, which writes sessions and the account's own row: it is no reason to refuse."""
    trial.reset("ada", OLD)
    enough, signed_in = threading.Event(), []

    def keep_signing_in():
        while not enough.is_set():
            signed_in.append(Visitor(server).sign_in("ada", OLD))

    before = trial.user("ada")["last_login"]
    people = [threading.Thread(target=keep_signing_in) for _ in range(2)]
    for person in people:
        person.start()
    while not any(signed_in) and any(person.is_alive() for person in people):
        people[0].join(0.01)
    answer = trial.reset("ada", NEW)
    enough.set()
    for person in people:
        person.join()
    problems = answer.expect(0) + ([] if trial.user("ada")["last_login"] != before else ["nobody signed in"])
    tally.check(f"{trial.program.name}: amid sign-ins", problems + entering(server, "ada", Visitor(server), NEW, OLD))


def each_hasher(trial, tally):
    """A site whose PASSWORD_HASHERS lists one hasher reads nothing else, and writes anew at the sign-in what is not as it
    writes itself: so the stored value must be of that hasher and of its present cost."""
    for hasher in HASHERS:
        with Running(trial.site, [hasher]) as server:
            before = trial.program.dump()
            answer = trial.reset(hasher, NEW)
            problems = answer.expect(0) + expect(before, trial.program.dump(), trial.of(hasher))
            stored = trial.user(hasher)["password"]
            problems += [] if stored.startswith(hasher + "$") else [f"stored as {stored.split('$')[0]}"]
            problems += entering(server, hasher, Visitor(server), NEW, OLD)
            problems += [] if trial.user(hasher)["password"] == stored else ["Django hashed it anew at the sign-in"]
            tally.check(f"hasher {hasher}", problems)


def the_file(trial, tally):
    """The site belongs to somebody else than the operator; what the first reset leaves is what was there, but for one row."""
    path = trial.program.path
    if os.geteuid() == 0:
        os.chmod(trial.folder, 0o711)
        for found in (trial.place, path):
            os.chown(found, OWNER, OWNER)
    os.chmod(path, 0o640)
    names, status, before = sorted(os.listdir(trial.place)), path.stat(), trial.program.dump()
    tally.check("SQLite: the first reset says where its records are", trial.reset("ada", NEW).expect(
        0, str(trial.operator.folder)))
    found = path.stat()
    problems = [] if sorted(os.listdir(trial.place)) == names else [f"beside it lie {sorted(os.listdir(trial.place))}"]
    problems += [f"{name} was {getattr(status, name)}, is {getattr(found, name)}"
                 for name in ("st_mode", "st_uid", "st_gid", "st_ino") if getattr(found, name) != getattr(status, name)]
    problems += [] if journal_mode(path) == "delete" else ["its journal mode changed"]
    tally.check("SQLite: the file stays as it was", problems + expect(before, trial.program.dump(), trial.of("ada")))
    copies = trial.operator.copies()
    tally.check("SQLite: a copy from before the first reset", copy_is(copies[0], before) if len(copies) == 1 else [
        f"there are {len(copies)}"])
    tally.check("SQLite: put back", trial.sparekey("undo", "1").expect(0))
    tally.check("SQLite: one copy is enough", [] if trial.operator.copies() == copies else ["there is another"])


def main():
    tally = Tally()
    for kind in kinds():
        trial = Trial(kind)
        try:
            before_the_first(trial, tally)
            if kind is SQLite:
                the_file(trial, tally)
            with Running(trial.site, ["pbkdf2_sha256"]) as server:
                there_and_back(trial, server, tally)
                other_ways(trial, server, tally)
                own_login(trial, server, tally)
                amid_sign_ins(trial, server, tally)
            if kind is SQLite:
                each_hasher(trial, tally)
        finally:
            trial.close()
    tally.finish("real Django")


if __name__ == "__main__":
    main()
