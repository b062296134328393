"""Runs a command and kills it before the k-th system call that could change what is on the disk.

`strace --inject=…:when=k` keeps a counter for each thread and each call: once a second thread writes, its first calls
are never reached, because the first thread has made as many already. Here one counter spans the process and all the calls.
"""

import ctypes
import os
import platform
import signal

CALLS = {
    "x86_64": {
        "write": 1, "pwrite64": 18, "writev": 20, "fsync": 74, "fdatasync": 75, "truncate": 76, "ftruncate": 77,
        "rename": 82, "link": 86, "unlink": 87, "unlinkat": 263, "renameat": 264, "linkat": 265, "fallocate": 285,
        "pwritev": 296, "renameat2": 316,
    },
    "aarch64": {
        "write": 64, "pwrite64": 68, "writev": 66, "fsync": 82, "fdatasync": 83, "truncate": 45, "ftruncate": 46,
        "unlinkat": 35, "linkat": 37, "renameat": 38, "fallocate": 47, "pwritev": 70, "renameat2": 276,
    },
}[platform.machine()]
NAMES = {number: name for name, number in CALLS.items()}
# What a driver of a server's database says to it.
SENDS = {"x86_64": {44: "sendto"}, "aarch64": {206: "sendto"}}[platform.machine()]
BY_PATH = {"truncate", "rename", "link", "unlink", "unlinkat", "renameat", "linkat", "renameat2"}

TRACEME, SYSCALL, SETOPTIONS, GET_SYSCALL_INFO = 0, 24, 0x4200, 0x420E
# TRACESYSGOOD, fork, vfork, clone and exec, and death of the command should the tracer die.
OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x100000
WALL = 0x40000000
ENTRY = 1


class SyscallInfo(ctypes.Structure):
    _fields_ = [("op", ctypes.c_uint8), ("pad", ctypes.c_uint8 * 3), ("arch", ctypes.c_uint32),
                ("ip", ctypes.c_uint64), ("sp", ctypes.c_uint64), ("number", ctypes.c_uint64),
                ("rest", ctypes.c_uint64 * 8)]


libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def run(arguments, environment, kill_at, stdin=b"", server=None, sends=False):
    """Returns (exit status, negative for a signal, and the names of the calls that were begun). With `sends`, what is said
    over sockets counts too.

    With `server`, of a process that serves others: an object whose `started(pid)` is called first, to whose `errors` (a
    descriptor) the process writes, and of whose process calls count while `counts(name, descriptor)` says so; of all those
    that do not name a path, only the descriptor is known."""
    reading, writing = os.pipe()
    os.write(writing, stdin)
    os.close(writing)
    child = os.fork()
    if child == 0:
        _become(arguments, environment, reading, server.errors if server else None)
    os.close(reading)
    os.waitpid(child, 0)
    libc.ptrace(SETOPTIONS, child, None, OPTIONS)
    if server:
        server.started(child)
    _resume(child, 0)
    return _follow(child, kill_at, server, sends)


def _become(arguments, environment, stdin, errors):
    try:
        nowhere = os.open("/dev/null", os.O_WRONLY)
        for source, target in ((stdin, 0), (nowhere, 1), (nowhere if errors is None else errors, 2)):
            os.dup2(source, target)
        os.setsid()
        libc.ptrace(TRACEME, 0, None, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        os.execve(arguments[0], arguments, environment)
    finally:
        os._exit(127)


def _resume(thread, signal_number):
    libc.ptrace(SYSCALL, thread, None, signal_number)


def _follow(child, kill_at, server, sends):
    begun = []
    while True:
        thread, status = os.waitpid(-1, WALL)
        if not os.WIFSTOPPED(status):
            if thread == child:
                return os.waitstatus_to_exitcode(status), begun
            continue
        stopped_by = os.WSTOPSIG(status)
        if stopped_by == signal.SIGTRAP | 0x80:
            name = _call_begun(thread, server, sends)
            if name:
                begun.append(name)
                if len(begun) == kill_at:
                    os.kill(child, signal.SIGKILL)
                    continue
            _resume(thread, 0)
        else:
            # SIGTRAP and SIGSTOP are ptrace's own events (a new thread, exec); any other signal is the command's.
            _resume(thread, 0 if stopped_by in (signal.SIGTRAP, signal.SIGSTOP) else stopped_by)


def _call_begun(thread, server, sends):
    info = SyscallInfo()
    libc.ptrace(GET_SYSCALL_INFO, thread, ctypes.sizeof(info), ctypes.addressof(info))
    if info.op != ENTRY:
        return None
    name = NAMES.get(info.number) or (SENDS.get(info.number) if server or sends else None)
    if not server:
        return name
    return name if name and server.counts(name, None if name in BY_PATH else info.rest[0]) else None
