"""Counts what passed and failed, and ends a script with one plain line."""

import sys

# Called after a check has failed, by those who can tell more: a browser says what it shows.
witnesses = []


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, problems):
        """Counts one case; `problems` is a list of sentences, empty when all is well."""
        if problems:
            self.failed += 1
            print(f"FAILED {name}", file=sys.stderr)
            for problem in problems:
                print(f"    {problem}", file=sys.stderr)
            for witness in witnesses:
                witness()
        else:
            self.passed += 1

    def finish(self, title):
        """Prints the closing line and leaves with 1 if anything failed, or if nothing was tried at all."""
        print(f"{title}: {self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)
