"""The traffic-fines log, many times over, on Spark with two executors: the bytes of the command.

    python examples/fines_on_spark.py LOG.xes.gz TIMES [SAMSPILL]

Copies of the log are told apart by a number before the case. What Spark and one process of the command write is compared
by its hash; the command reads the same copies from Parquet.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
import pyspark
from pyspark.sql import SparkSession

import samspill
import samspill.spark

ROOT = Path(__file__).resolve().parents[2]
AGREEMENT = ROOT / "examples/trafikkboter"
AS_OF = "2014-01-01"


def copies(log: Path, times: int, folder: Path) -> Path:
    """The log so many times, in Parquet: places go on counting, cases carry the number of their copy."""
    frame = pl.DataFrame(samspill.read_log(log, zone="Europe/Rome"))
    step = int(frame["position"].max())
    path = folder / "log.parquet"
    many = [
        frame.lazy().with_columns(
            case=pl.format("{}-{}", pl.lit(copy), pl.col("case")),
            position=(pl.col("position") + copy * step).cast(pl.Int64),
        )
        for copy in range(times)
    ]
    pl.concat(many).sink_parquet(path)
    return path


def session() -> SparkSession:
    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    return (
        SparkSession.builder.master("local-cluster[2,1,2048]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "4g")
        .config("spark.executor.memory", "2g")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "16")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> None:
    log, times = Path(sys.argv[1]), int(sys.argv[2])
    command = sys.argv[3] if len(sys.argv) > 3 else "samspill"
    fines = samspill.Agreement.load(AGREEMENT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = copies(log, times, folder)
        spark = session()
        start = time.perf_counter()
        report = samspill.spark.check(spark.read.parquet(str(path)), fines, AS_OF)
        report.write.parquet(str(folder / "report"))
        seconds = time.perf_counter() - start
        spark.stop()
        table = pl.read_parquet(folder / "report/*.parquet")
        ours = folder / "spark.csv"
        ours.write_bytes(samspill.to_csv(table, zone=fines.zone))
        print(f"spark: {table.height} rows in {seconds:.1f} s, sha256 {hash_of(ours)}", flush=True)
        start = time.perf_counter()
        theirs = folder / "command.csv"
        call = [command, "check", str(path), "-a", str(AGREEMENT), "--as-of", AS_OF, "--out", str(theirs)]
        subprocess.run(call, check=True)
        seconds = time.perf_counter() - start
        print(f"command: in {seconds:.1f} s, sha256 {hash_of(theirs)}")
        if hash_of(ours) != hash_of(theirs):
            sys.exit("the two differ")


if __name__ == "__main__":
    main()
