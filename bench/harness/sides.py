"""Sides: the programs that are measured. They take turns, so that a busy machine slows all of them alike."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass, field


@dataclass
class Side:
    """A program to measure, and what it told."""

    name: str
    command: list
    threads: int = 1
    # Whether it gives verdicts; a peer that only reads a file doesn't.
    gives_verdicts: bool = True
    environment: dict = field(default_factory=dict)
    facts: dict = field(default_factory=dict)
    answers: list = field(default_factory=list)

    def start(self):
        environment = dict(os.environ, POLARS_MAX_THREADS=str(self.threads), BENCH_THREADS=str(self.threads))
        environment.update(self.environment)
        self.process = subprocess.Popen(
            [str(word) for word in self.command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.facts = self.hear()["ready"]

    def ask(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()
        return self.hear()

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended: {self.process.wait()}: {' '.join(map(str, self.command))}")
        return json.loads(line)

    def stop(self):
        self.process.stdin.write("quit\n")
        self.process.stdin.close()
        self.process.wait()

    def seconds(self):
        return [answer["seconds"] for answer in self.answers]


def measure(sides, runs, compare):
    """Starts all sides, lets them take turns, and compares what they say of the cases before any time is given out."""
    for side in sides:
        print(f"  loading: {side.name}", flush=True)
        side.start()
    for turn in range(runs):
        print(f"  turn {turn + 1} of {runs}", flush=True)
        for side in sides:
            side.answers.append(side.ask("run"))
    with tempfile.TemporaryDirectory() as folder:
        written = []
        for number, side in enumerate(sides):
            if side.gives_verdicts:
                path = os.path.join(folder, f"{number}.bin")
                side.ask(f"write {path}")
                written.append((side, path))
        compare(written)
    for side in sides:
        side.stop()
