"""The same agreement inside Polars, DuckDB and pandas: the bytes of the command."""

from __future__ import annotations

import datetime

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import samspill

from conftest import AS_OF


def test_the_example_has_duties_findings_and_days(expected):
    lines = expected.decode().splitlines()
    assert len(lines) > 300
    assert all(any(f",{what}," in line for line in lines) for what in ("duty", "finding", "day"))


def test_a_log_file_read_here_gives_the_bytes_of_the_command(unn, log, expected):
    assert samspill.to_csv(unn.check(log, AS_OF)) == expected


@pytest.mark.parametrize("threads", [1, 2, 3, 100])
def test_threads_change_nothing(unn, log, expected, threads):
    assert samspill.to_csv(unn.check(log, AS_OF, threads=threads)) == expected


@pytest.mark.parametrize("lang", ["nn", "en"])
def test_sentences_come_in_three_languages(unn, log, command_csv, example, lang):
    wanted = command_csv(example, "unn", AS_OF, "--lang", lang)
    assert samspill.to_csv(unn.check(log, AS_OF, lang=lang)) == wanted


def test_polars_in_and_out(unn, log, expected):
    frame = pl.DataFrame(log)
    report = pl.DataFrame(unn.check(frame, AS_OF))
    assert samspill.to_csv(report) == expected
    assert report.schema["due"] == pl.Datetime("ns", "Europe/Oslo")
    assert samspill.to_csv(report.sample(fraction=1, shuffle=True, seed=1)) == expected


def test_polars_with_coded_and_shuffled_rows(unn, log, expected):
    frame = pl.DataFrame(log).with_columns(pl.col("kind").cast(pl.Categorical))
    assert samspill.to_csv(unn.check(frame.sample(fraction=1, shuffle=True, seed=2), AS_OF)) == expected


def test_duckdb_in_and_out(unn, log, expected):
    db = duckdb.connect()
    table = pa.table(log)
    db.register("log", table)
    report = unn.check(db.sql("select * from log order by random()"), AS_OF)
    db.register("report", pa.table(report))
    # DuckDB knows microseconds, and its own zone.
    from_db = db.sql("select * from report order by random()")
    assert samspill.to_csv(from_db, zone=unn.zone) == expected


def test_pandas_in_and_out(unn, log, expected):
    frame = pa.table(log).to_pandas()
    report = pa.table(unn.check(frame, AS_OF)).to_pandas(integer_object_nulls=True)
    assert isinstance(report, pd.DataFrame)
    assert samspill.to_csv(pa.Table.from_pandas(report, schema=pa.schema(unn.check(frame, AS_OF)))) == expected


@pytest.mark.parametrize("times", ["ns", "us"])
def test_times_may_be_cut_to_microseconds(unn, log, expected, times):
    report = unn.check(log, AS_OF, times=times)
    assert samspill.to_csv(report) == expected


def test_an_end_of_a_day_survives_microseconds(root, command_csv, tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text('{"case": "a", "kind": "Create Fine", "at": "2006-08-01", "facts": {"amount": 36.0}}\n'
                    '{"case": "a", "kind": "Send Fine", "at": "2006-12-12"}\n')
    fines = samspill.Agreement.load(root / "examples/trafikkboter")
    wanted = command_csv(path, "examples/trafikkboter")
    assert b"59.999999999" in wanted
    for times in ("ns", "us"):
        report = fines.check(samspill.read_log(path, zone=fines.zone), AS_OF, times=times)
        assert samspill.to_csv(report) == wanted


def test_as_of_may_be_a_text_a_datetime_or_a_date(unn, log):
    told = [
        unn.check(log, as_of)
        for as_of in ("2024-06-05T00:00:00+02:00", "2024-06-05", datetime.date(2024, 6, 5), datetime.datetime(2024, 6, 5))
    ]
    assert len({samspill.to_csv(report) for report in told}) == 1


def test_local_times_texts_and_floating_numbers_are_read(unn):
    rows = {"case": ["a", "a"], "kind": ["innlagt", "melding-om-innlagt-pasient"]}
    local = [datetime.datetime(2024, 6, 3, 8, 30), datetime.datetime(2024, 6, 3, 10, 0)]
    texts = ["2024-06-03T08:30:00+02:00", "2024-06-03 10:00"]
    facts = {"fact:kommunalt-behov": [True, None], "fact:poeng": [1.5, float("nan")]}
    one = pa.table({**rows, "at": pa.array(local, pa.timestamp("s")), **facts})
    other = pa.table({**rows, "at": texts, **facts})
    assert samspill.to_csv(unn.check(one, AS_OF)) == samspill.to_csv(unn.check(other, AS_OF))
    assert unn.check(one, AS_OF).num_rows > 0


def test_an_empty_log_gives_an_empty_report(unn, log):
    empty = pa.table(log).slice(0, 0)
    report = unn.check(empty, AS_OF)
    assert (report.num_rows, len(report.column_names)) == (0, 18)
    assert samspill.to_csv(report).count(b"\n") == 1


def test_explanations_are_those_of_the_command(unn, log, command, example, root):
    import subprocess

    call = [*command, "explain", str(example), "-a", "unn", "--as-of", AS_OF, "--case", "fjell-1"]
    case = pa.table(log).column("case")[0].as_py()
    call[-1] = case
    wanted = subprocess.run(call, cwd=root, check=True, capture_output=True).stdout.decode()
    assert unn.explain(log, case, AS_OF) == wanted
