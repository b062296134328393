"""A pseudo-terminal with one program on it: what it writes is read, what a person would press is sent, and at the end the
terminal's modes are compared with those before."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios

from pexpect import fdpexpect

KEYS = {"Ctrl-C": "\x03", "Ctrl-D": "\x04", "Ctrl-U": "\x15", "Ctrl-Z": "\x1a", "Backspace": "\x7f", "Enter": "\r"}
SECONDS = 120


class Terminal:
    def __init__(self, arguments, environment, apart=False):
        """`apart` sends standard output and error to files, with the terminal still there to ask at."""
        self.master, self.slave = os.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.modes = termios.tcgetattr(self.slave)
        self.files = [tempfile.TemporaryFile() for _ in range(2)] if apart else [self.slave, self.slave]
        self.apart = apart
        self.process = subprocess.Popen(
            arguments, env=environment, cwd="/", stdin=self.slave, stdout=self.files[0], stderr=self.files[1],
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.screen = ""
        self.spawn = fdpexpect.fdspawn(self.master, encoding="utf-8", codec_errors="replace", timeout=SECONDS)
        self.spawn.logfile_read = self
        self.usage = None

    def write(self, text):
        self.screen += text

    def flush(self):
        pass

    def see(self, pattern):
        """Waits until the pattern has appeared after what was seen before; returns a problem, or nothing."""
        watched = os.pidfd_open(self.process.pid)
        try:
            while True:
                found = re.search(pattern, self.spawn.buffer)
                if found:
                    self.spawn.buffer = self.spawn.buffer[found.end():]
                    return []
                ready, _, _ = select.select([self.master, watched], [], [], SECONDS)
                if self.master in ready:
                    self._take()
                elif watched in ready:
                    return [f"ended without showing /{pattern}/"]
                else:
                    return [f"did not show /{pattern}/ within {SECONDS} s"]
        finally:
            os.close(watched)

    def _take(self):
        self.spawn.buffer += self.spawn.read_nonblocking(4096, 0)

    def press(self, text):
        os.write(self.master, text.encode())

    def finish(self):
        """Waits for the end; returns the exit status, negative for a signal. Kills what takes too long."""
        watched = os.pidfd_open(self.process.pid)
        while True:
            ready, _, _ = select.select([self.master, watched], [], [], SECONDS)
            if self.master in ready:
                self._take()
            elif watched in ready:
                break
            else:
                self.kill()
        os.close(watched)
        _, status, self.usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.process.returncode

    def kill(self):
        """Not Popen's own: that one may reap a program that has ended, and `finish` wants to do so."""
        os.kill(self.process.pid, signal.SIGKILL)

    def is_restored(self):
        return termios.tcgetattr(self.slave) == self.modes

    def streams(self):
        """What was written to standard output and error; both are the screen unless they were kept apart."""
        if not self.apart:
            return self.screen, self.screen
        texts = []
        for file in self.files:
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
        return tuple(texts)

    def close(self):
        if self.process.returncode is None:
            self.kill()
            self.finish()
        os.close(self.master)
        os.close(self.slave)
