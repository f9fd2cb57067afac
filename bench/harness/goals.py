"""The goals: what is measured beside what, and how much faster it must be."""

import json
import subprocess
import tempfile
from pathlib import Path

from harness import chart, machine, report, setup, sides, verdicts
from harness.report import Goal, Row
from harness.sides import Side

OURS = "samspill"


def publish(number, title, rows, goals, unit, options, source=""):
    """Shows the table; a measurement at full size is also kept, with a chart."""
    table = report.lines(rows, unit, OURS)
    report.show(title, report.HEAD, table, goals)
    if options.quick:
        print("  (not kept: measured at a small size)")
        return
    setup.RESULTS.mkdir(exist_ok=True)
    facts = machine.facts(setup.PROJECT)
    if source:
        facts["data"] = source
    report.add(setup.RESULTS / f"{number}.md", title, report.HEAD, table, goals, facts)
    told = "; ".join(f"{goal.text}: {goal.value}" for goal in goals)
    bars = [(row.name, row.rate, f"{report.amount(row.rate)} {unit}/s", row.name.startswith(OURS)) for row in rows]
    (setup.RESULTS / f"{number}.svg").write_text(chart.bars(title, told, bars), encoding="utf-8")


def rows_of(measured, count_name):
    return [
        Row(side.name, side.threads, side.seconds(), side.facts[count_name], side.facts.get("peer", ""))
        for side in measured
    ]


def ratio(rows, over, at_least, text):
    """How many times as fast ours is as the fastest of the sides named."""
    by_name = {row.name: row for row in rows}
    fastest = max((by_name[name] for name in over), key=lambda row: row.rate)
    value = by_name[OURS].rate / fastest.rate
    return Goal(text, f"{value:.2f} × {fastest.name}", value >= at_least)


def contest(number, title, measured, width, over, at_least, text, unit, count_name, options, source="", told=()):
    """Measures sides that give verdicts of the same `width`, and publishes the outcome.

    The goal is about the fastest of the sides `over`; the ratios to those in `told` are told beside it.
    """
    print(f"\n{title}")
    sides.measure(measured, options.runs, verdicts.same_bytes(width))
    rows = rows_of(measured, count_name)
    goal = ratio(rows, over, at_least, text)
    beside = [ratio(rows, [name], at_least, f"{text} (told beside: {name})") for name in told]
    publish(number, title, rows, [goal, *beside], unit, options, source)
    return goal.met


def goal_1(options):
    folder, source = setup.fines()
    times = 1 if options.quick else 20
    polars = [setup.PYTHON, setup.PEERS / "fines_polars.py", folder, times]
    measured = [
        Side(OURS, [setup.program("fines"), folder, times]),
        Side("polars, by place", [*polars, "scatter"], threads=2),
        Side("polars, grouped", [*polars, "group"], threads=2),
        Side("duckdb", [setup.PYTHON, setup.PEERS / "fines_duckdb.py", "rows", folder, times], threads=2),
    ]
    return contest(
        1,
        f"Goal 1: ten rules on traffic fines × {times}, in memory",
        measured,
        width=10,
        # By place works where cases are numbered without gaps; grouped is the query one writes for any log.
        over=["polars, grouped"],
        told=["polars, by place"],
        at_least=10,
        text="at least 10 × Polars on two threads",
        unit="cases",
        count_name="cases",
        options=options,
        source=source,
    )


def goal_2(options):
    cases = 20_000 if options.quick else 1_000_000
    folder = setup.stays(cases, 2023)
    measured = [
        Side(OURS, [setup.program("stays"), folder]),
        Side("polars", [setup.PYTHON, setup.PEERS / "stays_polars.py", folder], threads=2),
    ]
    return contest(
        2,
        f"Goal 2: {cases:,} made stays: reply duty, payable days and what they cost",
        measured,
        width=11,
        over=["polars"],
        at_least=5,
        text="at least 5 × Polars on two threads",
        unit="stays",
        count_name="cases",
        options=options,
    )


def goal_3(options):
    folder, source = setup.fines()
    table = [
        Side(OURS, [setup.program("file"), folder / "fines.csv"], threads=2),
        Side("duckdb", [setup.PYTHON, setup.PEERS / "fines_duckdb.py", "table", folder / "fines.csv", 1], threads=2),
    ]
    size = (folder / "fines.csv").stat().st_size / 1e6
    table_met = contest(
        "3-csv",
        f"Goal 3: from a table of {size:.0f} MB to verdicts",
        table,
        width=10,
        over=["duckdb"],
        at_least=5,
        text="at least 5 × DuckDB on two threads",
        unit="cases",
        count_name="cases",
        options=options,
        source=source,
    )
    packed = [
        Side(OURS, [setup.program("file"), folder / "fines.xes.gz"], threads=2),
        Side("process_mining, import alone", [setup.build_importer(), folder / "fines.xes.gz"], gives_verdicts=False),
    ]
    packed_met = contest(
        "3-xes",
        "Goal 3: from a packed XES log to verdicts, beside only reading it",
        packed,
        width=10,
        over=["process_mining, import alone"],
        at_least=1,
        text="no slower than the import of the process_mining crate",
        unit="cases",
        count_name="cases",
        options=options,
        source=source,
    )
    return table_met and packed_met


def goal_4(options):
    """Online: each entry as it comes. The control touches the same memory and computes nothing."""
    folder, source = setup.fines()
    times = 1 if options.quick else 7
    control = Side("bare loop", [setup.program("bare_loop"), folder, times], gives_verdicts=False)
    batch = Side("batch", [setup.program("fines"), folder, times])
    measured = [control]
    if setup.program("online").exists():
        measured = [Side(OURS, [setup.program("online"), folder, times]), control, batch]
    title = "Goal 4: entries in the order of time over a million open cases"
    print(f"\n{title}")
    sides.measure(measured, options.runs, verdicts.same_bytes(10) if len(measured) > 1 else lambda written: None)
    head = ["side", "entries", "median", "99 of 100", "999 of 1000", "longest"]
    timed = [side for side in measured if side.name != "batch"]
    table = []
    for side in timed:
        middle = [sorted(answer[name] for answer in side.answers)[len(side.answers) // 2] for name in PERCENTILES]
        table.append([side.name, f"{side.facts['rows']:,}", *(f"{nanos:,} ns" for nanos in middle)])
    goals = []
    if len(measured) > 1:
        p99, longest = (sorted(answer[name] for answer in timed[0].answers) for name in ("p99_ns", "max_ns"))
        goals = [
            Goal("99 of 100 entries in at most 2 µs", f"{p99[len(p99) // 2]:,} ns", p99[len(p99) // 2] <= 2_000),
            Goal("every entry in at most 1 ms", f"{longest[len(longest) // 2]:,} ns", longest[len(longest) // 2] <= 1_000_000),
        ]
    report.show(title, head, table, goals)
    if not options.quick:
        setup.RESULTS.mkdir(exist_ok=True)
        facts = dict(machine.facts(setup.PROJECT), data=source)
        report.add(setup.RESULTS / "4.md", title, head, table, goals, facts)
        told = [(side.name, float(row[3].split()[0].replace(",", "")), row[3], side.name == OURS) for side, row in zip(timed, table)]
        (setup.RESULTS / "4.svg").write_text(chart.bars(title, "99 of 100 entries take at most this", told), encoding="utf-8")
    return all(goal.met for goal in goals)


PERCENTILES = ["p50_ns", "p99_ns", "p999_ns", "max_ns"]


def goal_5(options):
    """Calendar: both programs take a file of instants and write one of answers, and tell the seconds of each run."""
    count = 1_000_000 if options.quick else 20_000_000
    instants = setup.DATA / f"instants-{count}.bin"
    calendar = setup.program("calendar")
    if not instants.exists():
        setup.DATA.mkdir(exist_ok=True)
        setup.do(calendar, "make", instants, count)
    numpy = [setup.PYTHON, setup.BENCH / "calendar" / "peer.py", instants]
    programs = {
        OURS: lambda answers: [calendar, instants, answers, 2],
        "numpy, a row a minute": lambda answers: [*numpy, answers, 2, 60],
        "numpy, a row an hour": lambda answers: [*numpy, answers, 2, 3600],
    }
    title = f"Goal 5: eight working hours later, {count:,} instants"
    print(f"\n{title}")
    with tempfile.TemporaryDirectory() as folder:
        times = {name: [] for name in programs}
        written = {name: Path(folder) / f"{number}.bin" for number, name in enumerate(programs)}
        for turn in range(options.runs):
            print(f"  turn {turn + 1} of {options.runs}", flush=True)
            for name, command in programs.items():
                said = subprocess.run([str(word) for word in command(written[name])], check=True, capture_output=True, text=True)
                # The first run of each is to warm up.
                times[name].append(json.loads(said.stdout)["seconds"][-1])
        verdicts.same_bytes(8)([(Side(name, []), path) for name, path in written.items()])
        check_a_million(calendar, Path(folder))
    rows = [Row(name, 1, seconds, count) for name, seconds in times.items()]
    # A row an hour is right only where hours and clock changes fall on full hours: told, and not the measure.
    goals = [ratio(rows, ["numpy, a row a minute"], 3, "at least 3 × a numpy table")]
    publish(5, title, rows, goals, "instants", options)
    return all(goal.met for goal in goals)


def check_a_million(calendar, folder):
    """A million answers against a walk through all minutes."""
    instants, answers = folder / "instants", folder / "answers"
    setup.do(calendar, "make", instants, 1_000_000)
    setup.do(calendar, instants, answers, 1, stdout=subprocess.DEVNULL)
    setup.do(calendar, "oracle", instants, answers, stdout=subprocess.DEVNULL)
    print("  a million answers are those of a walk through the minutes", flush=True)


def goal_8(options):
    """Scale: a log ten times as large, never in memory as a whole."""
    folder, source = setup.fines()
    small, large = (1, 10) if options.quick else (20, 200)
    stream = setup.program("stream")
    measured = [
        Side(f"× {small}", [stream, folder, small, 1], gives_verdicts=False),
        Side(f"× {large}", [stream, folder, large, 1], gives_verdicts=False),
        Side(f"× {large}, two threads", [stream, folder, large, 2], threads=2, gives_verdicts=False),
    ]
    title = f"Goal 8: fines × {large}, streamed"
    print(f"\n{title}")
    sides.measure(measured, options.runs, lambda written: None)
    one, many, both = measured
    if len({answer["digest"] for side in (many, both) for answer in side.answers}) != 1:
        raise SystemExit("one thread and two don't write the same verdicts; no times are shown")
    rows = [
        Row(f"{OURS} {side.name}", side.threads, side.seconds(), side.facts["cases"], f"peak {peak(side) / 1e6:.0f} MB")
        for side in measured
    ]
    peaks = max(peak(side) for side in (many, both))
    goals = [
        Goal("at most 200 MB at the peak", f"{peaks / 1e6:.0f} MB", peaks <= 200e6),
        Goal(f"at least 0.8 of the rate of × {small}", f"{rows[1].rate / rows[0].rate:.2f}", rows[1].rate >= 0.8 * rows[0].rate),
        Goal("two threads at least 1.8 × one", f"{rows[2].rate / rows[1].rate:.2f}", rows[2].rate >= 1.8 * rows[1].rate),
        Goal("the same bytes from one thread and two", many.answers[-1]["digest"], True),
    ]
    publish_scale(title, rows, goals, options, source)
    return all(goal.met for goal in goals)


def peak(side):
    return max(answer["peak_bytes"] for answer in side.answers)


def publish_scale(title, rows, goals, options, source):
    head = ["side", "threads", "median", "least–most", "a second", "of the first", ""]
    table = report.lines(rows, "cases", rows[0].name)
    for row, cells in zip(rows, table):
        cells[5] = f"{row.rate / rows[0].rate:.2f}"
    report.show(title, head, table, goals)
    if options.quick:
        print("  (not kept: measured at a small size)")
        return
    setup.RESULTS.mkdir(exist_ok=True)
    report.add(setup.RESULTS / "8.md", title, head, table, goals, dict(machine.facts(setup.PROJECT), data=source))
    bars = [(row.name, row.rate, f"{report.amount(row.rate)} cases/s", True) for row in rows]
    told = "; ".join(f"{goal.text}: {goal.value}" for goal in goals)
    (setup.RESULTS / "8.svg").write_text(chart.bars(title, told, bars), encoding="utf-8")


def goal_messages(options):
    """Messages: read, held to the schema, turned into entries and receipted, beside lxml reading and validating alone."""
    if not setup.MESSAGES.exists() or not setup.SCHEMAS.exists():
        print("\nmessages: the official messages and schemas aren't at hand: nothing is measured")
        return True
    times = 2 if options.quick else 200
    peer = [setup.PYTHON, setup.PEERS / "messages_lxml.py", setup.SCHEMAS, setup.MESSAGES, times]
    met = True
    for part, largest, text in (("all", 1 << 30, "all official messages"), ("small", 1 << 17, "those under 128 kB")):
        measured = [
            Side(OURS, [setup.program("messages"), setup.MESSAGES, times, largest]),
            Side("lxml, reading and schema alone", [*peer, largest]),
        ]
        title = f"Messages: {text}, read, checked, turned into entries and receipted"
        # The goal is about all of them; without the one that holds a large file it is told beside.
        is_met = contest(
            f"messages-{part}", title, measured, width=1, over=["lxml, reading and schema alone"], at_least=10,
            text="at least 10 × lxml on one core", unit="messages", count_name="cases", options=options,
        )
        met = met and (is_met or part == "small")
    return met


GOALS = {1: goal_1, 2: goal_2, 3: goal_3, 4: goal_4, 5: goal_5, 8: goal_8, "messages": goal_messages}
