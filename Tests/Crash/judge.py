"""The one question after every crash: which password works, and is everything else in order?"""

import tempfile

from trial.instance import Instance, discard, fresh_folder
from trial.stored import Stored

ACCOUNT = "grace"
OLD = "harbour-Violet-31-anchor"
NEW = "meadow-Copper-74-signal"
LATER = "window-Saffron-19-ladder"
SETTINGS = {"SPAREKEY_SYNC_KEYS": "true"}


def prepare(database=None):
    """An instance with sync keys on, so that one reset replaces three credentials, and ACCOUNT with the password OLD."""
    instance = Instance(fresh_folder(), database, SETTINGS)
    instance.set_up()
    instance.add(ACCOUNT, "grace@example.org", OLD, "--no-force-change")
    accepted, problems = Stored(instance).working(ACCOUNT, [OLD, NEW])
    if accepted != [OLD] or problems or Stored(instance).account(ACCOUNT)["key_mac"] is None:
        raise RuntimeError(f"the starting point is not what it should be: {accepted} {problems}")
    return instance


def copy_of(instance):
    return instance.copy(tempfile.mktemp(prefix="sparekey-trial-"))


def finished_resets(instance):
    """How many resets of ACCOUNT the journal holds as done."""
    return sum(row["state"] == "done" and row["username"] == ACCOUNT for row in Stored(instance).journal())


def judge(instance, old, new, done_before, finished=False):
    """Problems after a reset from `old` to `new` was stopped somewhere, or is said to have finished.

    `done_before` is what `finished_resets` said before that reset began.
    """
    stored = Stored(instance)
    accepted, problems = stored.working(ACCOUNT, [old, new])
    if len(accepted) != 1:
        problems.append(f"{len(accepted)} of the old and the new password work, not exactly one")
    if finished and accepted != [new]:
        problems.append("the command ended with 0, and the new password does not work")
    problems += stored.integrity()
    problems += settle(instance, done_before + (accepted == [new]))
    after, later = Stored(instance).working(ACCOUNT, [old, new])
    if after != accepted:
        problems.append("settling the journal changed which password works")
    return problems + later


def settle(instance, done_expected):
    """Lets the next command settle the journal, and holds what it wrote against which password works."""
    status, _, err = instance.run("users", "list")
    if status != 0:
        return [f"the next command ended with {status}: {err.strip()}"]
    problems = Stored(instance).unsettled()
    done = finished_resets(instance)
    if done != done_expected:
        problems.append(f"the journal holds {done} finished resets, the stored password tells of {done_expected}")
    return problems


def still_resets(instance):
    """A further reset after the crash must work as any other."""
    status, _, err = instance.reset(ACCOUNT, LATER)
    if status != 0:
        return [f"a further reset ended with {status}: {err.strip()}"]
    accepted, problems = Stored(instance).working(ACCOUNT, [OLD, NEW, LATER])
    return problems + ([] if accepted == [LATER] else ["a further reset did not take"])


def dispose(instance):
    discard(instance.folder)
