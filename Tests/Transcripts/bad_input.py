"""What a reset says about a database, a key or a password that is not as it must be: each its own message and status, a hint,
and the old password still works. Runs as root, because some of it is about files of others."""

import os
import subprocess
import sys

from spoilt import SPOILT, missing
from trial.instance import BINARY, Instance, discard, fresh_folder
from trial.stored import Stored
from trial.tally import Tally

OLD, NEW = "harbour-Violet-31-anchor", "meadow-Copper-74-signal"
PASSWORDS = [
    ("a NUL", b"meadow-Copper\0-74-signal\n", {}), ("not UTF-8", b"meadow-Copper-\xff\xfe-74-signal\n", {}),
    ("over 1,024 bytes", b"meadow-Copper-74 " * 61 + b"\n", {}), ("empty", b"\n", {}), ("no input", b"", {}),
    ("over 72 bytes for bcrypt", b"meadow-Copper-74-signal-" * 4 + b"\n", {"SPAREKEY_HASH": "bcrypt"}),
]


def reset(instance, line):
    """Runs one reset; returns the status, the error lines, and problems with how it was refused."""
    process = subprocess.run([BINARY, "reset-password", "ada", "--password-stdin"], env=instance.environment(),
                             input=line, capture_output=True, timeout=300)
    lines = process.stderr.decode(errors="replace").splitlines()
    errors = [text for text in lines if text.startswith("error: ")]
    problems = [] if errors else [f"no error line: {lines}"]
    problems += [] if any(text.startswith("hint: ") for text in lines) else [f"no hint: {errors}"]
    # Below the first error line stand the policy's reasons, which are sentences.
    problems += [f"ends in a full stop: {text}" for text in errors[:1] if text.endswith(".")]
    problems += ["standard output is not empty"] if process.stdout else []
    return process.returncode, errors, problems


def spoilt(base, spoil, expected, seen):
    kept = fresh_folder()
    instance = base.copy(kept / "data")
    untouched = instance.sqlite_file.read_bytes()
    spoil(instance)
    bytes_before = instance.sqlite_file.read_bytes() if instance.sqlite_file.exists() else None
    status, errors, problems = reset(instance, NEW.encode() + b"\n")
    if status != expected:
        problems.append(f"ended with {status}, not {expected}: {errors}")
    text = " ".join(errors).replace(str(kept), "")
    if text in seen:
        problems.append(f"says the same as another case: {text}")
    seen.add(text)
    after = instance.sqlite_file.read_bytes() if instance.sqlite_file.exists() else None
    if after != bytes_before and spoil is not missing:
        problems.append("the database file changed")
    if bytes_before == untouched:
        problems += _still_old(instance, base)
    discard(kept)
    return problems


def _still_old(instance, base):
    instance.database = None
    stored = Stored(base)
    stored.instance = instance
    accepted, problems = stored.working("ada", [OLD, NEW])
    return problems + ([] if accepted == [OLD] else ["the old password does not work any more"])


def on_a_disk(base, fill):
    """A small file system in memory that has no room left, or (`fill` is false) is mounted read-only."""
    folder = fresh_folder()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder)], check=True)
    try:
        instance = base.copy(folder / "data")
        if fill:
            _fill(folder / "filler")
        else:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        status, errors, problems = reset(instance, NEW.encode() + b"\n")
        problems += [] if status == 73 else [f"ended with {status}, not 73: {errors}"]
        if fill:
            (folder / "filler").unlink()
        return problems + _still_old(instance, base)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        discard(folder)


def _fill(path):
    with open(path, "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(512))
        except OSError:
            return


def main():
    if os.geteuid() != 0:
        print("bad input: skipped, needs root")
        sys.exit(0)
    tally, seen = Tally(), set()
    base = Instance(fresh_folder())
    base.must("setup", "--email", "ada@example.org", "--username", "ada", "--display-name", "Ada", "--domain",
              "files.example.org", "--password-stdin", password=OLD)
    for spoil, expected in SPOILT:
        tally.check(spoil.__name__, spoilt(base, spoil, expected, seen))
    tally.check("full disk", on_a_disk(base, fill=True))
    tally.check("read-only disk", on_a_disk(base, fill=False))
    for name, line, settings in PASSWORDS:
        instance = base.copy(fresh_folder() / "data")
        instance.settings = settings
        status, errors, problems = reset(instance, line)
        problems += [] if status == 65 else [f"ended with {status}, not 65: {errors}"]
        tally.check(f"password: {name}", problems + _still_old(instance, base))
        discard(instance.folder.parent)
    discard(base.folder)
    tally.finish("bad input")


if __name__ == "__main__":
    main()
