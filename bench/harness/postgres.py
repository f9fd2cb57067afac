"""A PostgreSQL server of our own: in a temporary folder, reached by a socket in it, writing through to its disk."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

SETTINGS = ["listen_addresses=", "max_connections=100", "shared_buffers=128MB", "fsync=on", "synchronous_commit=on"]


def programs():
    """The folder of the newest PostgreSQL: where Debian puts it, or on the path. None where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders = debian + [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pgbench").exists()), None)


class Server:
    """Starts it; `with` stops it and removes its folder."""

    def __init__(self, under):
        self.programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=under))
        self.user = "postgres" if os.geteuid() == 0 else None

    def __enter__(self):
        if self.user:
            shutil.chown(self.folder, self.user)
        data = self.folder / "data"
        self.run("initdb", "-D", data, "-U", "samspill", "-A", "trust", "-E", "UTF8", "--locale=C", stdout=subprocess.DEVNULL)
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", data, "-k", self.folder, *settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            **self.whose(),
        )
        while subprocess.run([self.programs / "pg_isready", "-q", "-h", self.folder], check=False).returncode != 0:
            if self.process.poll() is not None:
                raise SystemExit("PostgreSQL does not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.send_signal(3)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def whose(self):
        if not self.user:
            return {}
        user = pwd.getpwnam(self.user)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(self, program, *words, **more):
        subprocess.run([self.programs / program, *words], check=True, cwd=self.folder, **self.whose(), **more)

    def database(self, name):
        self.run("createdb", "-h", self.folder, "-U", "samspill", name)
        return f"postgres:///{name}?host={self.folder}&user=samspill"


@dataclass
class PgBench:
    """`pgbench` with a script, as a side that takes its turns."""

    name: str
    server: Server
    database: str
    script: Path
    clients: int
    count: int
    threads: int = 2
    gives_verdicts: bool = False
    facts: dict = field(default_factory=dict)
    answers: list = field(default_factory=list)

    def start(self):
        self.ask("run")
        self.facts = {"rows": self.clients * self.count}

    def ask(self, _):
        where = ["-h", str(self.server.folder), "-U", "samspill"]
        how = ["-n", "-M", "prepared", "-c", str(self.clients), "-j", str(self.threads), "-t", str(self.count)]
        said = subprocess.run(
            [self.server.programs / "pgbench", *where, *how, "-f", self.script, self.database],
            check=True,
            capture_output=True,
            text=True,
        )
        if "number of failed transactions: 0 " not in said.stdout:
            raise SystemExit(f"pgbench: {said.stdout}{said.stderr}")
        rate = float(re.search(r"^tps = ([\d.]+)", said.stdout, re.MULTILINE)[1])
        return {"seconds": self.clients * self.count / rate}

    def stop(self):
        pass

    def seconds(self):
        return [answer["seconds"] for answer in self.answers]
