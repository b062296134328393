"""Tables of what was measured: printed for whoever watches, and kept for dev/bench, which writes them into Docs/benchmarks.md."""

import json
import os


class Grid:
    """Rows of figures under headings."""

    def __init__(self, title, headings):
        self.title, self.headings = title, headings
        self.keep({"title": title, "headings": headings})
        print(f"{title:44}" + "".join(f"{heading:>14}" for heading in headings))

    def row(self, name, values, mark=""):
        """Values that are None were not measured."""
        cells = ["" if value is None else value if isinstance(value, str) else figure(value) for value in values]
        self.keep({"row": [name.strip(), *cells]})
        print(f"{name:44}" + "".join(f"{cell:>14}" for cell in cells) + mark, flush=True)

    @staticmethod
    def keep(line):
        if path := os.environ.get("SPAREKEY_BENCH_ROWS"):
            with open(path, "a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


class Table(Grid):
    """Figures of ours, each with what it must stay below, and Django's beside some."""

    def __init__(self, title="", theirs="Django"):
        super().__init__(title, ["Sparekey", "bound", theirs])
        self.missed = 0

    def row(self, name, ours, bound=None, theirs=None):
        isMissed = bound is not None and ours >= bound
        self.missed += isMissed
        super().row(name, [ours, bound, theirs], "  MISSED" if isMissed else "")


def figure(value):
    """Three digits that say something: nobody needs more."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
