"""The box on the console of a running server: whatever the name holds, each line is 80 columns wide, its borders stand,
nothing in it steers a terminal, and under a C locale it is ASCII (NEX-2, SEC-8). Widths are judged by Python's tables."""

import re
import unicodedata

from trial.server import Server, fresh_instance
from trial.tally import Tally

PASSWORD = "harbour-Violet-31-anchor"
NAMES = [
    "plain", "\x1b[31mred\x1b[0m", "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "\x1b]52;c;ZXZpbA==\x07",
    "\u202enimda\u202c\u2066x\u2069", "two\nlines\r\u2028three\u0085four", "tab\tbell\x07\x08", "\x9b31m\x9d0;title\x9c",
    "x" * 10_000, "漢" * 10_000, "e" + "\u0301" * 10_000, "║ Reset code:    ours ║", "👩‍👩‍👧" * 500, "-" * 61 + "漢",
]
LOCALES = {"C": {"LC_ALL": "C"}, "none": {}, "UTF-8": {"LC_ALL": "C.UTF-8"}}


def columns(line):
    return sum(0 if unicodedata.combining(each) or unicodedata.category(each) in ("Mn", "Me", "Cf")
               else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


def problems(box, isASCII):
    """Of one box, from border to border."""
    found = [] if len(box) == 12 else [f"{len(box)} lines"]
    side = "|" if isASCII else "║"
    for line in box:
        ends = ("+|", "+|") if isASCII else ("╔╠╚║", "╗╣╝║")
        found += [] if columns(line) == 80 else [f"{columns(line)} columns: {line!r}"]
        found += [] if line[0] in ends[0] and line[-1] in ends[1] else [f"borders: {line!r}"]
        found += [f"it steers: {line!r}" for each in line if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp")][:1]
        found += [f"not ASCII: {line!r}"] if isASCII and not line.isascii() else []
    labels = [re.match(rf"[{side}]  (\w[\w ]*):", line)[1] for line in box if re.match(rf"[{side}]  \w[\w ]*:", line)]
    wanted = ["Username", "Reset code", "Valid for", "Requested at"]
    return found + ([] if labels == wanted else [f"labels {labels}"])


def boxes(server, isASCII):
    lines = b"".join(server.box).decode().split("\n")[:-1]
    begins = [number for number, line in enumerate(lines) if line.startswith("+" if isASCII else "╔")]
    # In ASCII three borders look alike: a box has three.
    begins = begins[::3] if isASCII else begins
    return [lines[begin:end] for begin, end in zip(begins, begins[1:] + [len(lines)])]


def main():
    tally = Tally()
    with fresh_instance(settings={"SPAREKEY_POLICY": "basic"}) as instance:
        for number in range(len(NAMES)):
            instance.add(f"name{number}", f"name{number}@example.org", PASSWORD, "--no-force-change")
        for locale, environment in LOCALES.items():
            with Server(instance, settings=environment) as server:
                for number, name in enumerate(NAMES):
                    server.sql(f"UPDATE account SET username = CAST(X'{name.encode().hex()}' AS TEXT) "
                               f"WHERE email_key = 'name{number}@example.org'")
                    server.call("POST", "/api/password-reset/request", {"username": f"name{number}@example.org"})
                    server.wait_for(rb"Reset code:", number + 1)
                    server.wait_for(rb"without the code nothing changes", number + 1)
            found = boxes(server, locale != "UTF-8")
            tally.check(f"{locale}: a box for each", [] if len(found) == len(NAMES) else [f"{len(found)}"])
            for name, box in zip(NAMES, found):
                tally.check(f"{locale}: {name[:12]!r}", problems(box, locale != "UTF-8"))
            tally.check(f"{locale}: every answer and every line of the log", server.broken)
    tally.finish("code box")


if __name__ == "__main__":
    main()
