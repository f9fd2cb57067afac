"""Cooperation agreements read against logs: Arrow tables in, Arrow tables out.

>>> import samspill
>>> unn = samspill.Agreement.load("unn")
>>> log = samspill.read_log("examples/logg/ett-opphold.jsonl")
>>> report = unn.check(log, as_of="2024-07-01")

Logs and reports are anything with the Arrow PyCapsule interface: frames of Polars and pandas, relations of DuckDB,
tables of pyarrow. For Spark there is `samspill.spark`.
"""

from ._samspill import Agreement, CaseStream, SamspillError, Table, read_log, to_csv

__all__ = ["Agreement", "CaseStream", "SamspillError", "Table", "read_log", "to_csv"]
