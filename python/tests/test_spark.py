"""The same agreement on several machines: two executors, each a process of its own, on the loopback interface."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import samspill

from conftest import AS_OF

if shutil.which("java") is None:
    pytest.skip("skipped: Spark needs Java 17, and there is no java", allow_module_level=True)

pyspark = pytest.importorskip("pyspark")

import samspill.spark  # noqa: E402


@pytest.fixture(scope="module")
def spark():
    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .appName("samspill")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "1g")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def frame(spark, log):
    return spark.createDataFrame(in_types_of_spark(pa.table(log)))


def in_types_of_spark(table: pa.Table) -> pa.Table:
    """Spark knows no unsigned numbers."""
    place = table.schema.get_field_index("position")
    return table.set_column(place, "position", table["position"].cast(pa.int64()))


def test_two_executors_give_the_bytes_of_the_command(spark, frame, unn, expected):
    report = samspill.spark.check(frame, unn, AS_OF)
    assert samspill.to_csv(report.toArrow(), zone=unn.zone) == expected


def test_cases_are_read_in_more_than_one_process(spark, frame, unn):
    instant = unn.instant(AS_OF)

    def who(batches):
        import os

        for batch in batches:
            yield pa.RecordBatch.from_pydict({"pid": [os.getppid()], "rows": [batch.num_rows]})

    rows = frame.repartition(4, "case").mapInArrow(who, "pid bigint, rows bigint").collect()
    assert len({row.pid for row in rows}) >= 2, rows
    assert sum(row.rows for row in rows) == frame.count()
    assert instant.endswith("Z")


def test_partitions_and_the_order_of_rows_change_nothing(spark, frame, unn, expected):
    for partitions in (1, 7):
        report = samspill.spark.check(frame.orderBy("kind"), unn, AS_OF, partitions=partitions)
        assert samspill.to_csv(report.toArrow(), zone=unn.zone) == expected


def test_a_report_is_put_in_the_order_of_the_command_and_written_as_parquet(spark, frame, unn, expected, tmp_path):
    path = str(tmp_path / "report")
    samspill.spark.check(frame, unn, AS_OF).orderBy("case_at", "row").write.parquet(path)
    assert samspill.to_csv(spark.read.parquet(path).toArrow(), zone=unn.zone) == expected


def test_a_frame_without_places_is_refused(frame, unn):
    with pytest.raises(ValueError, match="no column «position»"):
        samspill.spark.check(frame.drop("position"), unn, AS_OF)


def test_what_is_wrong_in_a_row_reaches_the_caller(frame, unn):
    from pyspark.sql import functions

    broken = frame.withColumn("kind", functions.lit(None).cast("string"))
    with pytest.raises(Exception, match="column «kind»: nothing is said"):
        samspill.spark.check(broken, unn, AS_OF).collect()
