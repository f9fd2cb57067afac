"""What the measurements need: programs built, Python packages installed, data made."""

import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
PROJECT = BENCH.parent
DATA = BENCH / "data"
RESULTS = BENCH / "results"
VENV = BENCH / ".venv"
PYTHON = VENV / "bin" / "python"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", BENCH / "target"))
FINES_LOG = PROJECT.parent / "shared" / "logs" / "traffic_fines.xes.gz"
PEERS = BENCH / "peers"
MESSAGES = PROJECT.parent / "shared" / "standards" / "plo" / "samples"
SCHEMAS = PROJECT.parent / "shared" / "standards" / "plo" / "xsd"


def do(*command, **more):
    subprocess.run([str(word) for word in command], check=True, **more)


def build():
    do("cargo", "build", "--release", "--quiet", "--target-dir", TARGET, cwd=BENCH)


def build_importer():
    folder = PEERS / "process-mining"
    target = os.environ.get("CARGO_TARGET_DIR", folder / "target")
    do("cargo", "build", "--release", "--quiet", "--target-dir", target, cwd=folder)
    return Path(target) / "release" / "import-with-process-mining"


def program(name):
    return TARGET / "release" / name


def install():
    """The peers' packages, by name, into a folder of their own."""
    wanted = PEERS / "requirements.txt"
    mark = VENV / "installed"
    if mark.exists() and mark.stat().st_mtime >= wanted.stat().st_mtime:
        return
    do(sys.executable, "-m", "venv", VENV)
    do(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted)
    mark.touch()


def fines():
    """The log of fines as rows, as a table and packed; a made one where the real one isn't there."""
    folder = DATA / "fines"
    if not (folder / "source.txt").exists():
        if FINES_LOG.exists():
            do(program("prepare"), "fines", folder, FINES_LOG)
        else:
            do(program("prepare"), "fines", folder)
        (folder / "source.txt").write_text("the real log\n" if FINES_LOG.exists() else "a made log\n", encoding="utf-8")
    source = (folder / "source.txt").read_text(encoding="utf-8").strip()
    if source != "the real log":
        print("note: the log of fines isn't at hand; a made log of the same shape stands in for it")
    return folder, source


def made_fines(cases, seed):
    folder = DATA / f"made-{cases}-{seed}"
    if not (folder / "kinds.txt").exists():
        do(program("prepare"), "made", folder, cases, seed)
    return folder


def stays(cases, seed):
    folder = DATA / f"stays-{cases}-{seed}"
    if not (folder / "kinds.txt").exists():
        do(program("prepare"), "stays", folder, cases, seed)
    return folder
