"""What a tree of processes has cost so far, as the kernel counts it."""

import os
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
    """Seconds of processor time of the tree, in user and in system mode."""
    ticks = 0
    for one in tree(process):
        fields = (PROC / str(one) / "stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


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
