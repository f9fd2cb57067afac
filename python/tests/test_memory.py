"""What is copied and what isn't."""

from __future__ import annotations

import threading
import time

import polars as pl
import pyarrow as pa

import samspill

from conftest import AS_OF


def addresses(table) -> list[int]:
    """Where the buffers of a table lie."""
    chunks = [chunk for column in pa.table(table).columns for chunk in column.chunks]
    return [buffer.address for chunk in chunks for buffer in chunk.buffers() if buffer is not None and buffer.size]


def test_a_table_is_taken_and_handed_on_without_copying():
    numbers = pa.array(range(1000), pa.int64())
    texts = pa.array([f"sak {number}" for number in range(1000)])
    coded = texts.dictionary_encode()
    given = pa.table({"numbers": numbers, "texts": texts, "coded": coded})
    assert addresses(samspill.Table(given)) == addresses(given)


def test_a_report_is_handed_out_without_copying(unn, log):
    report = unn.check(log, AS_OF)
    first, second = pa.table(report), pa.table(report)
    assert addresses(first) == addresses(second)
    frame = pl.DataFrame(report)
    in_polars = frame["late_by_seconds"].to_arrow().buffers()[1].address
    assert in_polars == first.column("late_by_seconds").chunk(0).buffers()[1].address


def test_the_interpreter_is_free_while_cases_are_read(unn, log):
    many = pa.concat_tables([pa.table(log)] * 40).drop_columns(["position"])
    names = pa.array([f"{row // len(log)}-{case}" for row, case in enumerate(many.column("case").to_pylist())])
    many = many.set_column(0, "case", names)
    done = threading.Event()
    ticks = 0

    def check():
        unn.check(many, AS_OF)
        done.set()

    worker = threading.Thread(target=check)
    worker.start()
    while not done.is_set():
        time.sleep(0.001)
        ticks += 1
    worker.join()
    assert ticks > 5
