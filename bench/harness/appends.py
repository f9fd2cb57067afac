"""Goal 6, durable appends, and goal 4 as seen through the store."""

import os
import subprocess
import tempfile
from statistics import median

from harness import chart, machine, report, setup, sides, verdicts
from harness.postgres import PgBench, Server, programs
from harness.report import Goal, Row
from harness.sides import Side

OURS = "samspill"
CLIENTS = 16


def sqlite_sides(folder, cases, count, names):
    told = {
        OURS: ("store", True),
        "bare loop": ("bare", True),
        f"{OURS}, log alone": ("store-log", False),
        "bare loop, log alone": ("bare-log", False),
        "4 kB written through": ("disk", False),
    }
    append = setup.program("append")
    return [Side(name, [append, told[name][0], folder, cases, count], gives_verdicts=told[name][1]) for name in names]


def rows_of(measured):
    return [Row(side.name, side.threads, side.seconds(), side.facts["rows"], each(side)) for side in measured]


def each(side):
    if "p50_ns" not in side.answers[-1]:
        return ""
    middle, most = (median(answer[name] for answer in side.answers) / 1e3 for name in ("p50_ns", "p99_ns"))
    return f"half in {middle:,.0f} µs, 99 of 100 in {most:,.0f} µs"


def share(rows, ours, peer, text, at_least=0.9):
    """How fast ours is, in turns of the peer: the median of the ratios of each turn, which a busy machine disturbs least."""
    by_name = {row.name: row for row in rows}
    of_medians = by_name[ours].rate / by_name[peer].rate
    turns = [theirs / mine for mine, theirs in zip(by_name[ours].seconds, by_name[peer].seconds)]
    return Goal(text, f"{of_medians:.2f} of medians, {median(turns):.2f} in the middle turn", of_medians >= at_least)


def publish(name, title, rows, goals, options):
    table = report.lines(rows, "appends", OURS)
    report.show(title, report.HEAD, table, goals)
    if options.quick:
        print("  (not kept: measured at a small size)")
        return
    setup.RESULTS.mkdir(exist_ok=True)
    report.add(setup.RESULTS / f"{name}.md", title, report.HEAD, table, goals, facts())
    told = "; ".join(f"{goal.text}: {goal.value}" for goal in goals)
    bars = [(row.name, row.rate, f"{report.amount(row.rate)}/s", row.name.startswith(OURS)) for row in rows]
    (setup.RESULTS / f"{name}.svg").write_text(chart.bars(title, told, bars), encoding="utf-8")


def facts():
    """How many wait for a core, ours among them: above the number of cores, the machine had other work."""
    return dict(machine.facts(setup.PROJECT), load=f"{os.getloadavg()[0]:.1f}")


def goal_6(options):
    on_sqlite = sqlite(options)
    on_postgres = postgres(options)
    return on_sqlite and on_postgres


def sqlite(options):
    cases, count = (60, 200) if options.quick else (100, 500)
    title = f"Goal 6: {count:,} durable appends on SQLite, one entry each, duties and search updated in the same transaction"
    names = [OURS, "bare loop", f"{OURS}, log alone", "bare loop, log alone", "4 kB written through"]
    print(f"\n{title}")
    with tempfile.TemporaryDirectory(dir=data()) as folder:
        measured = sqlite_sides(folder, cases, count, names)
        sides.measure(measured, options.runs, verdicts.same_bytes(1))
    rows = rows_of(measured)
    goals = [
        share(rows, OURS, "bare loop", "at least 0.9 × a bare loop of the same writes, full sync"),
        share(rows, f"{OURS}, log alone", "bare loop, log alone", "told beside: the log alone"),
    ]
    publish("6-sqlite", title, rows, goals, options)
    return goals[0].met


def postgres(options):
    if programs() is None:
        print("\ngoal 6 on PostgreSQL: initdb and pgbench aren't at hand: nothing is measured")
        return True
    count = 10 if options.quick else 100
    title = f"Goal 6: {CLIENTS} clients on PostgreSQL, {count} durable appends each"
    print(f"\n{title}")
    append = setup.program("append_postgres")
    with tempfile.TemporaryDirectory(dir=data()) as folder, Server(data()) as server:
        os.chmod(folder, 0o755)
        measured = []
        for logs, words in ((CLIENTS, f"{CLIENTS} logs"), (1, "one log")):
            ours, theirs = server.database(f"ours_{logs}"), server.database(f"pgbench_{logs}")
            script = f"{folder}/{logs}.sql"
            subprocess.run([append, "script", theirs, script, str(logs)], check=True, stdout=subprocess.DEVNULL)
            name = OURS if logs == CLIENTS else f"{OURS}, {words}"
            side = Side(name, [append, "run", ours, logs, CLIENTS, count], threads=2, gives_verdicts=False)
            bench = PgBench(f"pgbench, {words}", server, f"pgbench_{logs}", script, CLIENTS, count)
            measured += [side, bench]
        sides.measure(measured, options.runs, lambda written: None)
    rows = rows_of(measured)
    goals = [
        share(rows, OURS, f"pgbench, {CLIENTS} logs", f"at least 0.9 × pgbench of the same writes, {CLIENTS} logs"),
        share(rows, f"{OURS}, one log", "pgbench, one log", "told beside: all clients on one log"),
    ]
    publish("6-postgres", title, rows, goals, options)
    return goals[0].met


def goal_4_store(options):
    """Goal 4 through the store: entries in the order of time over many open stays, each lasting before the next."""
    cases, count = (200, 400) if options.quick else (10_000, 2_000)
    title = f"Goal 4 through the store: {count:,} durable appends over {cases:,} open stays"
    print(f"\n{title}")
    with tempfile.TemporaryDirectory(dir=data()) as folder:
        measured = sqlite_sides(folder, cases, count, [OURS, "bare loop", "4 kB written through"])
        sides.measure(measured, options.runs, verdicts.same_bytes(1))
    rows = rows_of(measured)
    print("  the longest append: " + ", ".join(f"{side.name} {longest(side):,.1f} ms" for side in measured))
    goals = [share(rows, OURS, "bare loop", "at least 0.9 × a bare loop of the same writes, full sync")]
    publish("4-store", title, rows, goals, options)
    return goals[0].met


def longest(side):
    return median(answer["max_ns"] for answer in side.answers) / 1e6


def data():
    setup.DATA.mkdir(exist_ok=True)
    return setup.DATA


GOALS = {6: goal_6, "4store": goal_4_store}
