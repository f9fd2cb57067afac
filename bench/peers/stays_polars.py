"""Goal 2 in Polars: the reply duty and the payable days of agreements/troms-og-ofoten/unn, for all stays at once.

    stays_polars.py FOLDER

The rules, as this query reads them:
- a ready notice is void without an early notice before it, without health information since the admission and the last
  withdrawal, and in mental health and addiction care without a meeting and its summary; of the valid ones only the first
  counts until a withdrawal, discharge or death;
- the reply is due at 15:00 on the working day of receipt, the next one at or after 14:00 and from other days;
- days are paid from the working day after the notice until the day before the stay ends, or before the day from which
  the municipality can receive; never when a duty to reply is still open or fell away.

It takes for granted what the made stays have: the entries of a stay stand in the order of time and never share an instant.
Holidays, working days and daily rates are tables by local day, made before the time is taken.
"""

import datetime
import os
import sys

os.environ.setdefault("POLARS_MAX_THREADS", "2")

import numpy as np
import polars as pl

import side

ZONE = "Europe/Oslo"
OSLO_AS_OF = datetime.datetime(2026, 1, 15, 11, tzinfo=datetime.timezone.utc)
FIRST_DAY, LAST_DAY = datetime.date(2023, 1, 1), datetime.date(2026, 12, 31)
# The daily rates of the state budget, in øre. That of 2026 isn't known.
RATES = {2023: 550_800, 2024: 574_500, 2025: 598_100}
KEPT, LATE, MISSED, OPEN, WAIVED = 1, 2, 4, 8, 16
NO_TIME = np.iinfo(np.int64).min
NO_DAY = np.iinfo(np.int32).min


def main(folder):
    frame, kinds = load(folder)
    table = days()
    cases = int(frame["case"].max()) + 1
    run = lambda: verdicts(frame, kinds, table)
    facts = {"cases": cases, "rows": frame.height, "peer": f"polars {pl.__version__}"}
    side.serve(facts, run, lambda result: as_bytes(result, cases))


def load(folder):
    column = lambda name, kind: np.fromfile(f"{folder}/{name}", dtype=kind)
    frame = pl.DataFrame(
        {
            "case": column("case.u32", np.uint32),
            "kind": column("kind.u8", np.uint8),
            "at": instants(column("at.i64", np.int64)),
            "received": instants(column("received.i64", np.int64)),
            "care": column("care.u8", np.uint8),
            "answer": column("answer.u8", np.uint8),
            "from": pl.Series(column("from.i32", np.int32)).replace(NO_DAY, None),
        }
    )
    with open(f"{folder}/kinds.txt", encoding="utf-8") as lines:
        kinds = {line.strip(): number for number, line in enumerate(lines)}
    return frame, kinds


def instants(nanos):
    """Whole seconds, which is what the stays have."""
    seconds = pl.Series(np.where(nanos == NO_TIME, NO_TIME, nanos // 1000))
    return seconds.replace(NO_TIME, None).cast(pl.Datetime("us", "UTC"))


def days():
    """For each local day: whether it is a working day, the next one, the first on or after it, and what days cost before it."""
    all_days = [FIRST_DAY + datetime.timedelta(n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    free = {day for year in range(FIRST_DAY.year, LAST_DAY.year + 1) for day in holidays(year)}
    working = [day.weekday() < 5 and day not in free for day in all_days]
    number = [(day - datetime.date(1970, 1, 1)).days for day in all_days]
    next_working, on_or_after, coming = [], [], None
    for is_working, day in zip(reversed(working), reversed(number)):
        next_working.append(coming)
        coming = day if is_working else coming
        on_or_after.append(coming)
    rate = np.array([RATES.get(day.year, 0) for day in all_days], dtype=np.int64)
    return pl.DataFrame(
        {
            "day": pl.Series(number, dtype=pl.Int32),
            "is_working": working,
            "next_working": pl.Series(next_working[::-1], dtype=pl.Int32),
            "on_or_after": pl.Series(on_or_after[::-1], dtype=pl.Int32),
            "cost_before": np.cumsum(rate) - rate,
        }
    )


def holidays(year):
    fixed = [datetime.date(year, *day) for day in [(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)]]
    return fixed + [easter(year) + datetime.timedelta(offset) for offset in (-3, -2, 0, 1, 39, 49, 50)]


def easter(year):
    """Easter Sunday by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    l = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * l) // 451
    month, day = divmod(h + l - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)


def local_day(column):
    return pl.col(column).dt.convert_time_zone(ZONE).dt.date().to_physical()


def verdicts(frame, kinds, table):
    starts, ends, replies = parts(frame, kinds)
    return summed(read(starts, ends, replies, table))


def parts(frame, kinds):
    """The notices that count, what ends them, and the replies; each with the number of its stretch.

    A stretch begins with an admission, or after what ends the one before. Stays follow one another and each begins with its
    admission, so that no grouping is needed: what came before that row belongs to another stay.
    """
    is_kind = lambda *names: pl.col("kind").is_in([kinds[name] for name in names])
    row_of = lambda *names: pl.when(is_kind(*names)).then(pl.col("row")).forward_fill()
    since_admission = lambda name: row_of(name) > row_of("innlagt")
    ends = is_kind("avmelding", "utskrevet", "dodsfall")
    rows = (
        frame.lazy()
        .filter(pl.col("at") <= OSLO_AS_OF)
        .with_row_index("row")
        .with_columns(
            ended=ends,
            stretch=(ends | is_kind("innlagt")).cum_sum() - ends.cast(pl.UInt32),
            informed=row_of("helseopplysninger") > row_of("innlagt", "avmelding"),
            told_early=since_admission("tidligmelding"),
            met=since_admission("samarbeidsmote") & since_admission("moteoppsummering"),
            somatic=pl.when(is_kind("innlagt")).then(pl.col("care")).forward_fill() == 0,
        )
        .filter(is_kind("utskrivningsklar", "svar-utskrivningsklar") | pl.col("ended"))
        .collect()
    )
    valid = is_kind("utskrivningsklar") & pl.col("told_early") & pl.col("informed") & (pl.col("somatic") | pl.col("met"))
    starts = rows.lazy().filter(valid).unique("stretch", keep="first", maintain_order=True)
    ended = rows.lazy().filter(pl.col("ended")).select("stretch", ended_at="at")
    replies = rows.lazy().filter(is_kind("svar-utskrivningsklar"))
    replies = replies.select("stretch", "answer", "from", replied_at="at", reply_row="row")
    return starts.select("stretch", "case", "at", "received", "row"), ended, replies


def read(starts, ends, replies, table):
    """For each notice that counts: how the duty to reply went, and the first and last day that count."""
    stretch = "stretch"
    own = starts.join(replies, on=stretch, how="inner").filter(pl.col("reply_row") > pl.col("row"))
    can_from = pl.when(pl.col("answer") == 0).then(pl.max_horizontal(local_day("replied_at"), "from"))
    replied = own.group_by(stretch).agg(pl.col("replied_at").min(), can_from=can_from.min())
    today = pl.lit(OSLO_AS_OF).dt.convert_time_zone(ZONE).dt.date().to_physical()
    begun = pl.coalesce("received", "at")
    return (
        starts.join(ends, on=stretch, how="left")
        .join(replied, on=stretch, how="left")
        .with_columns(begun=begun, begun_day=begun.dt.convert_time_zone(ZONE).dt.date().to_physical(), day=local_day("at"))
        .join(table.lazy().select("day", first="next_working"), on="day", how="left")
        .join(
            table.lazy().select("day", "is_working", "on_or_after", "next_working"),
            left_on="begun_day",
            right_on="day",
            how="left",
        )
        .with_columns(due=due())
        .with_columns(status=status(), last=pl.min_horizontal(local_day("ended_at"), "can_from", today) - 1)
    )


def due():
    """15:00 in Oslo on the day it falls on."""
    late = pl.col("begun").dt.convert_time_zone(ZONE).dt.hour() >= 14
    day = pl.when(pl.col("is_working") & late).then("next_working").otherwise("on_or_after")
    return day.cast(pl.Date).dt.combine(datetime.time(15)).dt.replace_time_zone(ZONE).dt.convert_time_zone("UTC")


def status():
    byte = lambda number: pl.lit(number, pl.UInt8)
    return (
        pl.when(pl.col("begun") > OSLO_AS_OF)
        .then(byte(0))
        .when(pl.col("replied_at") > pl.col("due"))
        .then(byte(LATE))
        .when(pl.col("replied_at").is_not_null())
        .then(byte(KEPT))
        .when(pl.col("ended_at") > pl.col("due"))
        .then(byte(MISSED))
        .when(pl.col("ended_at").is_not_null())
        .then(byte(WAIVED))
        .when(pl.col("due") < OSLO_AS_OF)
        .then(byte(MISSED))
        .otherwise(byte(OPEN))
    )


def summed(read):
    """By stay: the set of statuses, how many days, and what they cost; -1 where a day has no known price."""
    table = days_table()
    unpriced_from = (datetime.date(max(RATES) + 1, 1, 1) - datetime.date(1970, 1, 1)).days
    pays = pl.col("status").is_in([KEPT, LATE, MISSED]) & (pl.col("last") >= pl.col("first"))
    before = lambda name: table.select(pl.col("day").alias(name), pl.col("cost_before").alias(f"{name}_cost"))
    return (
        read.with_columns(pays=pays, past=pl.col("last") + 1)
        .join(before("first"), on="first", how="left")
        .join(before("past"), on="past", how="left")
        .group_by("case")
        .agg(
            pl.col("status").bitwise_or(),
            count=pl.when("pays").then(pl.col("past") - pl.col("first")).otherwise(0).sum(),
            cost=pl.when("pays").then(pl.col("past_cost") - pl.col("first_cost")).otherwise(0).sum(),
            unpriced=(pl.col("pays") & (pl.col("last") >= unpriced_from)).any(),
        )
        .with_columns(cost=pl.when("unpriced").then(-1).otherwise("cost"))
        .collect()
    )


DAYS = days().lazy()


def days_table():
    return DAYS


def as_bytes(result, cases):
    """The stays that have a notice that counts, at their places among all."""
    out = np.zeros(cases, dtype=[("status", "u1"), ("count", "<u2"), ("cost", "<i8")])
    place = result["case"].to_numpy()
    for name in ("status", "count", "cost"):
        out[name][place] = result[name].to_numpy()
    return out.tobytes()


if __name__ == "__main__":
    main(*sys.argv[1:])
