"""Goal 7: messages handed in over HTTP, beside the servers that one would write for it."""

import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median

from harness import appends, chart, report, setup, sides
from harness.postgres import Server, programs
from harness.report import Goal, Row
from harness.sides import Side

OURS = "samspill"
CONNECTIONS = 16
SEED = 7
INTAKE = setup.PEERS / "intake"
PRODUCT = Path(os.environ.get("CARGO_TARGET_DIR", setup.PROJECT / "target")) / "release" / "samspill"
STARTS_WITHIN_SECONDS = 60


def build_product():
    setup.do("cargo", "build", "--release", "--quiet", "-p", "samspill-cli", "--no-default-features", cwd=setup.PROJECT)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Running:
    """A server in a folder of its own; `with` stops it by its own id."""

    def __init__(self, name, port):
        self.name, self.port = name, port

    def start(self, command, ready, folder, **more):
        self.log = open(Path(folder) / f"{self.name.replace(' ', '-')}.log", "wb")
        self.process = subprocess.Popen(
            [str(word) for word in command], cwd=folder, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, **more
        )
        last = time.monotonic() + STARTS_WITHIN_SECONDS
        while not answers(ready):
            if self.process.poll() is not None or time.monotonic() > last:
                self.log.flush()
                said = Path(self.log.name).read_text(encoding="utf-8", errors="replace")
                self.stop()
                raise SystemExit(f"{self.name} doesn't start: {said[-2000:]}")
            time.sleep(0.1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


class Node(Running):
    """A node of the made-up hospital, configured as an operator would."""

    def __init__(self, folder, place, made):
        super().__init__(OURS, free_port())
        self.folder, self.admin = Path(folder), free_port()
        for name in ("inn", "ut", "data"):
            (self.folder / name).mkdir(exist_ok=True)
        (self.folder / "person-keys.txt").write_text(f"en: {'a' * 64}\nindex: {'b' * 64}\n", encoding="utf-8")
        (self.folder / "samspill.toml").write_text(self.configured(place, made), encoding="utf-8")
        role = f"samhandlingskontor:{trust_of(made)}"
        self.does("account", "add", "journalsystem", "--name", "Journalsystemet", "--role", role)
        self.token = self.does("account", "token", "journalsystem", role, "--name", "bench").strip()
        self.start([PRODUCT, "serve"], f"http://127.0.0.1:{self.admin}/ready", self.folder, env=self.environment())

    def configured(self, place, made):
        return (
            f'[node]\nname = "sykehus"\ncommunity = "fjordhelse"\nagreements = ["unn"]\n'
            f'[store]\nplace = "{place}"\nwait = "30 s"\n[http]\nport = {self.admin}\n'
            f'[addresses]\nbook = "{made}/addresses.toml"\n'
            f'[web]\norigin = "http://localhost:{self.port}"\nport = {self.port}\n'
            f'person_keys = {{ file = "person-keys.txt" }}\napi_rate = 1000000\n'
            '[[channel]]\nname = "mappe"\nkind = "folder"\ninbox = "inn"\noutbox = "ut"\ndefault = true\n'
            + (made / "organisations.toml").read_text(encoding="utf-8")
        )

    def environment(self):
        return dict(os.environ, SAMSPILL_CONFIG=str(self.folder / "samspill.toml"), NO_COLOR="1")

    def does(self, *words):
        ran = subprocess.run(
            [PRODUCT, *words], cwd=self.folder, env=self.environment(), capture_output=True, text=True, check=False
        )
        if ran.returncode != 0:
            raise SystemExit(f"samspill {' '.join(words)}: {ran.stderr}")
        return ran.stdout


def trust_of(made):
    first = (made / "organisations.toml").read_text(encoding="utf-8").split('name = "', 1)[1]
    return first.split('"', 1)[0]


def fastapi(folder):
    server = Running("FastAPI, SQLite", free_port())
    command = [setup.PYTHON, "-m", "uvicorn", "intake_fastapi:app", "--port", server.port, "--no-access-log"]
    more = {"env": dict(os.environ, BENCH_STORE=str(Path(folder) / "fastapi.db"), PYTHONPATH=str(INTAKE))}
    server.start(command, f"http://127.0.0.1:{server.port}/ready", folder, **more)
    return server


def fastify(folder, postgres):
    postgres.database("fastify")
    server = Running("Fastify, PostgreSQL", free_port())
    command = ["node", INTAKE / "intake_fastify.mjs", server.port, postgres.folder, "fastify"]
    server.start(command, f"http://127.0.0.1:{server.port}/ready", folder)
    return server


def install_fastify():
    if not (INTAKE / "node_modules" / ".package-lock.json").exists():
        setup.do("npm", "ci", "--no-fund", "--no-audit", "--loglevel=error", cwd=INTAKE)


def messages(count):
    """Messages of a region in the order in which they are sent, at least so many."""
    days = 1 + count // 60
    made = setup.DATA / f"intake-{days}-{SEED}"
    if not (made / "messages.jsonl").exists():
        setup.do(setup.program("intake"), "prepare", made, SEED, days)
    return made


def goal_7(options):
    if programs() is None:
        print("\ngoal 7: PostgreSQL isn't at hand: nothing is measured")
        return True
    count = 200 if options.quick else 1000
    title = f"Goal 7: {count:,} messages handed in over HTTP, {CONNECTIONS} connections, one durable commit each"
    print(f"\n{title}")
    build_product()
    install_fastify()
    made = messages(count * (options.runs + 1))
    # The folder lies where the data lie: on a disk, and not in memory.
    with tempfile.TemporaryDirectory(dir=appends.data()) as folder, Server(appends.data()) as postgres:
        os.chmod(folder, 0o755)
        measured = in_turns(Path(folder), postgres, made, count, options)
    rows = [Row(one.name, one.threads, one.seconds(), count, appends.each(one)) for one in measured]
    goals = [
        *beside(rows, measured, f"{OURS}, SQLite", "FastAPI, SQLite"),
        *beside(rows, measured, f"{OURS}, PostgreSQL", "Fastify, PostgreSQL"),
    ]
    publish(title, report.lines(rows, "messages", f"{OURS}, SQLite"), goals, rows, options)
    return all(goal.met for goal in goals)


def in_turns(folder, postgres, made, count, options):
    ours = postgres.database("samspill")
    for name in ("lite", "server"):
        (folder / name).mkdir()
    with (
        Node(folder / "lite", "sqlite:data/samspill.db", made) as lite,
        fastapi(folder) as python,
        Node(folder / "server", ours, made) as server,
        fastify(folder, postgres) as node,
    ):
        lite.name, server.name = f"{OURS}, SQLite", f"{OURS}, PostgreSQL"
        measured = [side(running, made, count) for running in (lite, python, server, node)]
        sides.measure(measured, options.runs, lambda written: None)
        for one in measured:
            handed = one.answers[-1]["handed"]
            if handed != count * (options.runs + 1):
                raise SystemExit(f"{one.name} took {handed} messages in")
    return measured


def side(running, made, count):
    token = getattr(running, "token", "none")
    command = [setup.program("intake"), "run", f"127.0.0.1:{running.port}", token, made, CONNECTIONS, count]
    return Side(running.name, command, threads=2, gives_verdicts=False)


def beside(rows, measured, ours, peer):
    """At least twice as fast, and 99 of 100 messages at least as soon."""
    by_name = {row.name: row for row in rows}
    ratio = by_name[ours].rate / by_name[peer].rate
    slowest = {one.name: median(answer["p99_ns"] for answer in one.answers) / 1e6 for one in measured}
    late = f"{slowest[ours]:.1f} ms beside {slowest[peer]:.1f} ms"
    return [
        Goal(f"at least 2 × {peer}", f"{ratio:.2f} ×", ratio >= 2),
        Goal(f"99 of 100 no later than {peer}", late, slowest[ours] <= slowest[peer]),
    ]


def publish(title, table, goals, rows, options):
    report.show(title, report.HEAD, table, goals)
    if options.quick:
        print("  (not kept: measured at a small size)")
        return
    setup.RESULTS.mkdir(exist_ok=True)
    report.add(setup.RESULTS / "7.md", title, report.HEAD, table, goals, appends.facts())
    said = "; ".join(f"{goal.text}: {goal.value}" for goal in goals)
    bars = [(row.name, row.rate, f"{report.amount(row.rate)}/s", row.name.startswith(OURS)) for row in rows]
    (setup.RESULTS / "7.svg").write_text(chart.bars(title, said, bars), encoding="utf-8")


GOALS = {7: goal_7}
