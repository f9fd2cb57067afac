"""What the tests share: the example log, the agreements, and the bytes that the command writes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import samspill

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2025-01-01"


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def command() -> list[str]:
    """The command that results are compared with: the one that SAMSPILL_COMMAND names, or a build of this checkout."""
    named = os.environ.get("SAMSPILL_COMMAND")
    return [named] if named else ["cargo", "run", "--quiet", "-p", "samspill-cli", "--"]


@pytest.fixture(scope="session")
def command_csv(command):
    def run(log: Path, agreement: str, as_of: str = AS_OF, *more: str) -> bytes:
        call = [*command, "check", str(log), "-a", agreement, "--as-of", as_of, "--format", "csv", *more]
        return subprocess.run(call, cwd=ROOT, check=True, capture_output=True).stdout

    return run


@pytest.fixture(scope="session")
def example() -> Path:
    return ROOT / "examples/logg/opphold.jsonl"


@pytest.fixture(scope="session")
def unn() -> samspill.Agreement:
    return samspill.Agreement.load("unn")


@pytest.fixture(scope="session")
def log(example) -> samspill.Table:
    return samspill.read_log(example)


@pytest.fixture(scope="session")
def expected(command_csv, example) -> bytes:
    return command_csv(example, "unn")
