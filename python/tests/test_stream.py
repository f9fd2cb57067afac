"""Batches in which the rows of a case stand together: the same report wherever batches end."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest

import samspill

from conftest import AS_OF


def grouped(log) -> pa.Table:
    return pl.DataFrame(log).sort("case", "position").to_arrow(compat_level=pl.CompatLevel.oldest())


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 50, 10_000])
def test_batches_may_end_anywhere(unn, log, expected, rows):
    stream = unn.stream(AS_OF)
    batches = grouped(log).combine_chunks().to_batches(max_chunksize=rows)
    parts = [pa.table(stream.push(batch)) for batch in batches] + [pa.table(stream.finish())]
    assert samspill.to_csv(pa.concat_tables(parts)) == expected


def test_a_case_waits_until_the_next_one_begins(unn, log):
    stream = unn.stream(AS_OF)
    first, second, *_ = grouped(log).column("case").unique().to_pylist()
    table = grouped(log)
    case = lambda name: table.filter(pa.compute.equal(table["case"], name))  # noqa: E731
    import pyarrow.compute  # noqa: F401

    assert len(stream.push(case(first))) == 0
    told = pa.table(stream.push(case(second)))
    assert told.column("case").unique().to_pylist() == [first]
    assert pa.table(stream.finish()).column("case").unique().to_pylist() == [second]
    assert len(stream.finish()) == 0


def test_a_stream_needs_the_places_of_entries(unn, log):
    stream = unn.stream(AS_OF)
    stream.push(grouped(log).drop_columns(["position"]).slice(0, 1))
    with pytest.raises(samspill.SamspillError, match="no column «position»"):
        stream.finish()
