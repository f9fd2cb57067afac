"""Goal 1 and its rules in Polars: the eight duties and two requirements of examples/trafikkboter, for all cases at once.

    fines_polars.py FOLDER TIMES [group|scatter]

Every kind but payments comes at most once in a case of this log (looked at when it is loaded), and the rows of a case stand
in the order of time. Both make the query simpler than it would have to be.

How it works: each row gets a key, its local day above and its number below, so that one number orders entries as the
rules do (by time, then by the order of the log) and still tells the day. A wide table then has for each case the key of each
kind; verdicts are expressions over its columns.
"""

import os
import sys

os.environ.setdefault("POLARS_MAX_THREADS", "2")

import numpy as np
import polars as pl

import side

ZONE = "Europe/Rome"
AS_OF_DAY = 15887  # 1 July 2013, in days since 1970
DAY = 1 << 32

KINDS = {
    "create": "Create Fine",
    "send": "Send Fine",
    "notify": "Insert Fine Notification",
    "penalty": "Add penalty",
    "pay": "Payment",
    "appeal": "Insert Date Appeal to Prefecture",
    "forward": "Send Appeal to Prefecture",
    "result": "Receive Result Appeal from Prefecture",
    "told": "Notify Result Appeal to Offender",
    "judge": "Appeal to Judge",
    "collect": "Send for Credit Collection",
}
# Duties that a payment closes, and what triggers them.
CLOSED_BY_PAYMENT = {"closes_send": "create", "closes_notify": "send", "closes_collect": "penalty"}
KEPT, LATE, MISSED, OPEN, WAIVED = 1, 2, 4, 8, 16
RULES = [
    "sende-bot", "forkynne-bot", "betale-eller-klage", "oversende-klage", "avgjore-klage", "forkynne-vedtak",
    "betale-etter-vedtak", "innkreve", "tillegg-etter-60-dager", "tillegg-for-innkreving",
]


def main(folder, times, how="scatter"):
    frame = load(folder, int(times))
    codes = kind_codes(folder)
    cases = frame["case"].max() + 1
    wide = {"group": by_group, "scatter": by_scatter}[how]
    run = lambda: verdicts(wide(frame, codes, cases))
    side.serve({"cases": cases, "rows": frame.height, "peer": f"polars {pl.__version__}"}, run, as_bytes)


def load(folder, times):
    case = np.fromfile(f"{folder}/case.u32", dtype=np.uint32)
    kind = np.fromfile(f"{folder}/kind.u8", dtype=np.uint8)
    at = np.fromfile(f"{folder}/at.i64", dtype=np.int64) // 1000
    cases = int(case.max()) + 1
    base = pl.DataFrame({"case": case, "kind": kind, "at": at})
    check(base, kind_codes(folder))
    all_cases = np.concatenate([case + np.uint32(round * cases) for round in range(times)])
    return pl.DataFrame(
        {
            "case": all_cases,
            "kind": np.tile(kind, times),
            "at": pl.Series(np.tile(at, times)).cast(pl.Datetime("us", "UTC")),
        }
    )


def kind_codes(folder):
    with open(f"{folder}/kinds.txt", encoding="utf-8") as lines:
        names = [line.rstrip("\n") for line in lines]
    return {short: names.index(name) if name in names else 255 for short, name in KINDS.items()}


def check(base, codes):
    """What the query takes for granted."""
    before = pl.col("at").shift(1).over("case")
    assert base.select((pl.col("at") >= before).all()).item(), "the rows of a case are not in the order of time"
    once = base.filter(pl.col("kind") != codes["pay"])
    assert once.select(pl.struct("case", "kind").is_duplicated().any()).item() is False, "a kind comes twice in a case"


def keyed(frame):
    """The rows with their keys. Few days are many rows' days: each is looked up in the zone once."""
    days = frame.lazy().select(pl.col("at").unique()).with_columns(
        day=pl.col("at").dt.convert_time_zone(ZONE).dt.date().to_physical().cast(pl.Int64)
    )
    key = pl.col("day") * DAY + pl.col("row").cast(pl.Int64)
    return frame.lazy().with_row_index("row").join(days, on="at", how="left").select("case", "kind", key=key)


def by_group(frame, codes, cases):
    """The wide table by one grouping; its rows are in no order."""
    first = [pl.col("key").filter(pl.col("kind") == codes[short]).min().alias(short) for short in KINDS]
    rows = keyed(frame).collect(engine="streaming")
    wide = rows.lazy().group_by("case").agg(first).collect(engine="streaming")
    later = payments_after(wide, rows.filter(pl.col("kind") == codes["pay"]))
    wide = wide.lazy().with_columns(pl.col("pay").alias(name) for name in CLOSED_BY_PAYMENT)
    return wide.join(later.lazy().with_columns(early=True), on="case", how="left").with_columns(
        pl.when("early").then(f"{name}_right").otherwise(name).alias(name) for name in CLOSED_BY_PAYMENT
    )


def by_scatter(frame, codes, cases):
    """The wide table by putting each kind's keys at the places of their cases: cases are numbered without gaps."""
    rows = keyed(frame).collect(engine="streaming")
    columns = {"case": pl.int_range(cases, dtype=pl.UInt32, eager=True)}
    nothing = pl.Series([None], dtype=pl.Int64).new_from_index(0, cases)
    for short in KINDS:
        found = rows.filter(pl.col("kind") == codes[short])
        if short == "pay":
            payments = found
            found = found.group_by("case").agg(pl.col("key").min())
        columns[short] = nothing.clone().scatter(found["case"], found["key"])
    wide = pl.DataFrame(columns)
    later = payments_after(wide, payments)
    return wide.lazy().with_columns(
        wide["pay"].clone().scatter(later["case"], later[name]).alias(name) for name in CLOSED_BY_PAYMENT
    )


def payments_after(wide, payments):
    """For cases with a payment before one of the triggers that payments close: the first payment after each of those."""
    early = pl.any_horizontal(pl.col("pay") <= pl.col(trigger) for trigger in CLOSED_BY_PAYMENT.values())
    return (
        wide.lazy()
        .filter(early)
        .select("case", *CLOSED_BY_PAYMENT.values())
        .join(payments.lazy().select("case", pay="key"), on="case")
        .group_by("case")
        .agg(
            pl.col("pay").filter(pl.col("pay") > pl.col(trigger)).min().alias(name)
            for name, trigger in CLOSED_BY_PAYMENT.items()
        )
        .collect()
    )


def verdicts(wide):
    days = [(pl.col(short) // DAY).alias(f"{short}_day") for short in KINDS]
    return wide.with_columns(days).select("case", *rules()).collect(engine="streaming")


def rules():
    c = pl.col
    ninety = lambda trigger: day(trigger) + 90
    closing_collect = least(c("closes_collect"), after("judge", "penalty"), after("appeal", "penalty"))
    return [
        duty("sende-bot", "create", ninety("create"), since("send", "create"), c("closes_send")),
        duty("forkynne-bot", "send", ninety("send"), since("notify", "send"), c("closes_notify")),
        duty("betale-eller-klage", "notify", day("notify") + 60, least(c("pay"), c("appeal"), c("judge"))),
        duty("oversende-klage", "appeal", day("appeal") + 60, since("forward", "appeal")),
        duty("avgjore-klage", "forward", day("forward") + 120, since("result", "forward")),
        duty("forkynne-vedtak", "result", day("result") + 150, since("told", "result")),
        duty("betale-etter-vedtak", "told", day("told") + 30, least(c("pay"), c("judge"))),
        duty("innkreve", "penalty", years_later("penalty", 5), since("collect", "penalty"), closing_collect),
        finding("tillegg-etter-60-dager", "penalty", c("notify").is_null() | (day("notify") > day("penalty") - 60)),
        finding("tillegg-for-innkreving", "collect", c("penalty").is_null() | (day("penalty") > day("collect"))),
    ]


def day(kind):
    return pl.col(f"{kind}_day") if isinstance(kind, str) else kind // DAY


def since(kind, trigger):
    """The entry, if it is not before the trigger's time. On the day itself it counts: all stamps are midnights."""
    return pl.when(day(kind) >= day(trigger)).then(pl.col(kind))


def after(kind, trigger):
    """The entry, if it comes after the trigger in the order of the log."""
    return pl.when(pl.col(kind) > pl.col(trigger)).then(pl.col(kind))


def least(*keys):
    return pl.min_horizontal(*keys)


def years_later(kind, years):
    date = day(kind).cast(pl.Int32).cast(pl.Date)
    return date.dt.offset_by(f"{years}y").to_physical().cast(pl.Int64)


def duty(rule, trigger, due, done, closed=None):
    """The status of the one instance that a trigger makes; 0 where there is none."""
    unfinished = pl.when(due < AS_OF_DAY).then(pl.lit(MISSED, pl.UInt8)).otherwise(pl.lit(OPEN, pl.UInt8))
    if closed is not None:
        done = pl.when(closed.is_null() | (done < closed)).then(done)
        unfinished = (
            pl.when(closed.is_null())
            .then(unfinished)
            .when(day(closed) > due)
            .then(pl.lit(MISSED, pl.UInt8))
            .otherwise(pl.lit(WAIVED, pl.UInt8))
        )
    return (
        pl.when(pl.col(trigger).is_null())
        .then(pl.lit(0, pl.UInt8))
        .when(done.is_null())
        .then(unfinished)
        .when(day(done) > due)
        .then(pl.lit(LATE, pl.UInt8))
        .otherwise(pl.lit(KEPT, pl.UInt8))
        .alias(rule)
    )


def finding(rule, of, broken):
    return (pl.col(of).is_not_null() & broken).cast(pl.UInt8).alias(rule)


def as_bytes(result):
    result = result.sort("case")
    return np.column_stack([result[rule].to_numpy() for rule in RULES]).tobytes()


if __name__ == "__main__":
    main(*sys.argv[1:])
