"""What `sparekey doctor` says about each way in which an instance is not as it must be: status 1, the check that finds it, and
not a byte, a mode or a file of the data folder changed. Runs as root, because some of it is about files of others."""

import json
import os
import socket

from spoilt import SPOILT
from trial.instance import ADMIN, Instance, discard, fresh_folder
from trial.server import Server
from trial.stored import Stored
from trial.tally import Tally

# The check that names the fault; some faults have several consequences.
FINDERS = {
    "missing": "database", "unreadable": "database", "read_only": "writable", "no_database": "database",
    "foreign": "database", "newer": "database", "locked": "writable", "loose_folder": "data folder",
    "linked_folder": "data folder", "loose_key": "key file", "linked_key": "key file", "wrong_key": "database",
    "no_key": "key file", "unknown_scheme": "database", "unreachable": "database", "unknown_setting": "settings",
}


def state(folder, contents=True):
    """Everything below a folder: names, kinds, owners, modes, times and contents. The index of the write-ahead log is memory
    that SQLite keeps in a file: reading it is written there. Reading a file would drop the locks this process has on it."""
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        status = path.lstat()
        content = path.read_bytes() if contents and path.is_file() and not path.is_symlink() else None
        is_memory = path.name.endswith("-shm")
        found[str(path)] = (status.st_mode, status.st_uid) if is_memory else (
            status.st_mode, status.st_uid, status.st_size, status.st_mtime_ns, content)
    return found


def examine(instance, wanted_status):
    status, out, err = instance.run("doctor", "--json")
    problems = [] if status == wanted_status else [f"ended with {status}, not {wanted_status}: {out} {err}"]
    try:
        document = json.loads(out)
    except ValueError:
        return {}, problems + [f"no JSON: {out!r}"]
    problems += [] if set(document) == {"checks", "settings"} else [f"keys {sorted(document)}"]
    return {check["name"]: check for check in document["checks"]}, problems


def secrets(instance, base):
    """What must never be shown: the password, the hash, the key."""
    stored = Stored(base).account(ADMIN[0])
    status, out, err = instance.run("doctor")
    shown = out + err + "".join(instance.run("doctor", "--json")[1:])
    return [f"{name} was shown" for name, text in
            [("the password", ADMIN[2]), ("the hash", stored["password_hash"]), ("the salt", stored["password_hash"].split("$")[4]),
             ("the key", (base.folder / "instance.key").read_text().strip())] if text in shown]


def spoilt(base, spoil):
    kept = fresh_folder()
    instance = base.copy(kept / "data")
    spoil(instance)
    contents = not hasattr(instance, "holder")
    before = state(kept, contents)
    checks, problems = examine(instance, 1)
    finder = checks.get(FINDERS[spoil.__name__])
    if finder is None or finder["ok"]:
        problems.append(f"{FINDERS[spoil.__name__]} found nothing: {checks}")
    problems += secrets(instance, base)
    after = state(kept, contents)
    if after != before:
        problems.append(f"changed: {[name for name in before | after if before.get(name) != after.get(name)]}")
    discard(kept)
    return problems


def healthy(base):
    before = state(base.folder)
    checks, problems = examine(base, 0)
    problems += [f"not ok: {check}" for check in checks.values() if not check["ok"]]
    problems += secrets(base, base)
    return problems + (["the data folder changed"] if state(base.folder) != before else [])


def nothing_there(folder):
    instance = Instance(folder / "nowhere")
    checks, problems = examine(instance, 1)
    return problems + (["something was made"] if os.path.lexists(folder / "nowhere") else [])


def beside_server(base, tally):
    """A server on the data folder: the same database, another one, none any more, and one that says nothing."""
    def server_check(wanted_status, is_ok, words):
        checks, problems = examine(base, wanted_status)
        found = checks["server"]
        return problems + ([] if found["ok"] == is_ok and words in found["detail"] else [f"{found}"])

    with Server(base):
        tally.check("server, same database", server_check(0, True, "same database"))
    tally.check("server, ended", server_check(0, True, "none runs"))
    with Server(base, settings={"SPAREKEY_DATABASE": str(base.folder / "other.db")}):
        tally.check("server, other database", server_check(1, False, "another database"))
    path = base.folder / "sparekey.sock"
    for name, user, words in (("silent", os.geteuid(), "does not answer"), ("somebody else's", 4242, "another user (4242)")):
        with listener(path, user):
            tally.check(f"server, {name}", server_check(1, False, words))
        tally.check(f"server, {name}, killed", server_check(0, True, "none runs"))
    path.unlink()


def listener(path, user):
    """A socket that `user` listens on and never answers. It stays behind, as that of a server that was killed."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    # The kernel tells peers who it was that began to listen (unix(7), SO_PEERCRED).
    os.seteuid(user)
    listening.listen()
    os.seteuid(0)
    return listening


def main():
    if os.geteuid() != 0:
        raise SystemExit("error: these checks give files to another user, which needs root")
    folder, tally = fresh_folder(), Tally()
    base = Instance(folder / "data")
    base.set_up()
    tally.check("healthy", healthy(base))
    tally.check("no data folder", nothing_there(folder))
    for spoil, _ in SPOILT:
        tally.check(spoil.__name__, spoilt(base, spoil))
    beside_server(base, tally)
    discard(folder)
    tally.finish("doctor")


if __name__ == "__main__":
    main()
