"""What a tree of processes has cost so far, as the kernel counts it."""

import contextlib
import pathlib
import re

PROC = pathlib.Path("/proc")


def tree(process):
    """The process and all that it has started, by number."""
    found = [process]
    for one in found:
        for thread in (PROC / str(one) / "task").glob("*/children"):
            found += [int(child) for child in thread.read_text().split()]
    return found


def cpu(process):
    """Seconds of processor time that the tree's living threads have used."""
    spent = 0
    for one in tree(process):
        for thread in (PROC / str(one) / "task").glob("*/schedstat"):
            spent += int(thread.read_text().split()[0])
    return spent / 1e9


def waited(process):
    """Seconds for which each thread of the process could have gone on and had no processor, by the thread's number."""
    times = {}
    for thread in (PROC / str(process) / "task").glob("*/schedstat"):
        # A thread may end meanwhile.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            times[thread.parent.name] = int(thread.read_text().split()[1]) / 1e9
    return times


def resident(process):
    """Bytes in memory; what processes of the tree share is counted once (Pss)."""
    return sum(_kilobytes(one, "smaps_rollup", "Pss") for one in tree(process))


def peak(process):
    """The most bytes that the process itself ever had in memory."""
    return _kilobytes(process, "status", "VmHWM")


def present(process):
    """The bytes that the process itself has in memory, what it shares with others in full."""
    return _kilobytes(process, "status", "VmRSS")


def _kilobytes(process, file, field):
    return int(re.search(rf"^{field}:\s+(\d+) kB", (PROC / str(process) / file).read_text(), re.M)[1]) * 1024
