"""Tables: on the screen, and added to the results as Markdown."""

import datetime
from dataclasses import dataclass
from statistics import median


@dataclass
class Row:
    """A measured side in numbers."""

    name: str
    threads: int
    seconds: list
    count: int
    note: str = ""

    @property
    def median(self):
        return median(self.seconds)

    @property
    def rate(self):
        return self.count / self.median


@dataclass
class Goal:
    """What was wanted and what came out."""

    text: str
    value: str
    met: bool


HEAD = ["side", "threads", "median", "least–most", "a second", "ratio", ""]


def lines(rows, unit, ours):
    """The rows as cells. The ratio says how many times as fast ours is."""
    by_name = {row.name: row for row in rows}
    table = []
    for row in rows:
        ratio = "" if row.name == ours else f"{by_name[ours].rate / row.rate:.2f}"
        spread = f"{seconds(min(row.seconds))}–{seconds(max(row.seconds))}"
        table.append(
            [row.name, str(row.threads), seconds(row.median), spread, f"{amount(row.rate)} {unit}", ratio, row.note]
        )
    return table


def seconds(number):
    return f"{number:.3f} s" if number >= 0.01 else f"{number * 1e6:,.0f} µs"


def amount(rate):
    for size, word in ((1e6, "M"), (1e3, "k")):
        if rate >= size:
            return f"{rate / size:.3g} {word}" if rate < 100 * size else f"{rate / size:.0f} {word}"
    return f"{rate:.3g}"


def show(title, head, table, goals):
    print(f"\n{title}")
    widths = [max(len(cell) for cell in column) for column in zip(head, *table)]
    for cells in [head, *table]:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip())
    for goal in goals:
        print(f"  {'met' if goal.met else 'NOT MET'}: {goal.text}: {goal.value}")


def add(path, title, head, table, goals, facts):
    """Adds the table to a file of results, which keeps all of them, the newest last."""
    rule = ["---"] * len(head)
    rows = ["| " + " | ".join(cells) + " |" for cells in [head, rule, *table]]
    said = [f"- {'met' if goal.met else '**not met**'}: {goal.text}: {goal.value}" for goal in goals]
    day = datetime.date.today().isoformat()
    where = ", ".join(f"{name} {value}" for name, value in facts.items() if value)
    is_new = not path.exists()
    with open(path, "a", encoding="utf-8") as out:
        if is_new:
            out.write(f"# {title}\n\nAdded to by each measurement, the newest last.\n")
        out.write(f"\n## {day}\n\n{where}\n\n" + "\n".join(rows) + "\n\n" + "\n".join(said) + "\n")
