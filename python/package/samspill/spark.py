"""An agreement over a log on many machines.

Whole cases are sent to one task each and read there, a batch at a time. The package must be installed on every worker, and
an agreement that is a folder must be there under the same path; shipped ones are part of the package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from . import Agreement

if TYPE_CHECKING:
    from datetime import date, datetime

    import pyarrow as pa
    from pyspark.sql import DataFrame

SCHEMA = (
    "`case` string, agreement string, version string, what string, id string, clause string, holder string, "
    "triggered timestamp, due timestamp, status string, fulfilled timestamp, late_by_seconds bigint, date date, "
    "amount_ore bigint, message string, due_whole_day boolean, case_at bigint, row bigint"
)


def check(
    df: DataFrame,
    agreement: Agreement,
    as_of: str | datetime | date | None = None,
    *,
    lang: Literal["nb", "nn", "en"] = "nb",
    partitions: int | None = None,
) -> DataFrame:
    """Reads every case of a log: its duties, findings and counted days, a row each.

    The frame has the columns of a log table, `position` among them: rows on many machines have no order of their own.
    `as_of` is settled here, once: all machines read as of the same instant. Order the result by `case_at` and `row` to have
    it as the command prints it.
    """
    if "position" not in df.columns:
        raise ValueError("the frame has no column «position»: add each entry's place in its log")
    by_case = df.repartition(partitions, "case") if partitions else df.repartition("case")
    in_order = by_case.sortWithinPartitions("case", "position")
    return in_order.mapInArrow(reader(agreement, as_of, lang=lang), SCHEMA)


def reader(
    agreement: Agreement,
    as_of: str | datetime | date | None = None,
    *,
    lang: Literal["nb", "nn", "en"] = "nb",
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function for `mapInArrow`. The rows of each case must stand together, in the order of their places in the log.

    A task holds one batch and the rows of the case that goes on in the next one.
    """
    instant = agreement.instant(as_of)

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        stream = agreement.stream(instant, lang=lang)
        for batch in batches:
            yield from pa.table(stream.push(batch)).to_batches()
        yield from pa.table(stream.finish()).to_batches()

    return read
