from datetime import date, datetime
from os import PathLike
from typing import Any, Literal, Protocol

class ArrowStream(Protocol):
    """Anything with the Arrow PyCapsule interface: frames of Polars and pandas, relations of DuckDB, pyarrow tables."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class ArrowArray(Protocol):
    """One record batch with the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

Arrow = ArrowStream | ArrowArray
AsOf = str | datetime | date
Lang = Literal["nb", "nn", "en"]

class SamspillError(ValueError):
    """An agreement, a log or a call that is wrong; the message says what to do."""

class Table:
    """A table of Arrow record batches, which any library that speaks Arrow takes without copying."""

    def __init__(self, table: Arrow) -> None: ...
    @property
    def num_rows(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class Agreement:
    """A cooperation agreement: its duties, findings and payable days are read off a log."""

    @classmethod
    def load(cls, name: str | PathLike[str]) -> Agreement:
        """Loads a folder with an agreement or one version of it, or a shipped one by its name (`unn`, `hmr`)."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def versions(self) -> list[str]: ...
    def check(
        self,
        log: Arrow,
        as_of: AsOf | None = None,
        *,
        lang: Lang = "nb",
        times: Literal["ns", "us"] = "ns",
        threads: int = 1,
    ) -> Table:
        """Reads every case of a log table: its duties, findings and counted days, a row each."""

    def explain(self, log: Arrow, case: str, as_of: AsOf | None = None, *, lang: Lang = "nb") -> str:
        """Says why: the reasoning about a case in sentences, as `samspill explain` prints it."""

    def stream(
        self, as_of: AsOf | None = None, *, lang: Lang = "nb", times: Literal["ns", "us"] = "us"
    ) -> CaseStream:
        """Takes record batches one after another in which the rows of a case stand together."""

    def instant(self, as_of: AsOf | None = None) -> str:
        """The instant that `as_of` means, as a text with an offset."""

    def __reduce__(self) -> tuple[Any, tuple[str]]: ...

class CaseStream:
    """Cases that come in record batches one after another, the rows of each case together."""

    def push(self, batches: Arrow) -> Table:
        """Takes in a batch (or several); the reports of the cases that are complete come out."""

    def finish(self) -> Table:
        """The report of the last case."""

def read_log(
    path: str | PathLike[str],
    *,
    zone: str = "Europe/Oslo",
    columns: str | None = None,
    case_type: str | None = None,
    strict: bool = False,
) -> Table:
    """Reads a log file as a table: JSONL, CSV, XES or OCEL 2.0 JSON, packed with gzip or not."""

def to_csv(table: Arrow, zone: str | None = None) -> bytes:
    """Writes a report as `samspill check --format csv` does, byte for byte."""
