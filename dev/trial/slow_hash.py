"""A hash that takes this machine a while, however quick it is, so that something can happen while a server verifies it."""

import os
import time

import bcrypt

MOST_COST = 16


def slow_hash(password, least):
    """A bcrypt hash of an ASCII password that takes at least so many processor seconds, and how many it takes."""
    for cost in range(8, MOST_COST + 1):
        begun = time.process_time()
        made = bcrypt.hashpw(password.encode(), bcrypt.gensalt(cost)).decode()
        if (seconds := time.process_time() - begun) >= least:
            break
    return made, seconds


def used_seconds(process):
    """The processor seconds that the process has used."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until_used(process, seconds, thread):
    """Until the process has used so many processor seconds in all, or the thread that keeps it busy has ended."""
    while used_seconds(process) < seconds and thread.is_alive():
        time.sleep(0.01)
