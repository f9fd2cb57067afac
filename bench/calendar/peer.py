"""Eight working hours added to instants with tables in numpy: the peer of `calendar`.

    python peer.py INSTANTS ANSWERS RUNS [GRAIN]

INSTANTS and ANSWERS are whole seconds, as nanoseconds since 1970, eight bytes each, little-endian. Timed is the look-up alone, from array to
array; the tables are made before. GRAIN is how many seconds a row of the tables stands for:

    60    a row a minute, as one would write it for any office hours (the default)
    3600  a row an hour: right only where hours and clock changes fall on full hours, as here, and smaller

Both tables work the same way: how many open seconds come before a row, whether it is open, and the way back from open
seconds to rows. Instants are taken some thousands at a time, in 32 bits, so that nothing in between leaves the cache.
"""

import datetime
import json
import sys
import time
import zoneinfo

import numpy as np

OSLO = zoneinfo.ZoneInfo("Europe/Oslo")
ADDED_SECONDS = 8 * 3600
FIRST_YEAR, LAST_YEAR = 2000, 2031
AT_ONCE = 8192
NANOS = 1_000_000_000


def easter(year):
    """Easter Sunday by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    l = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * l) // 451
    month, day = divmod(h + l - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)


def holidays(year):
    days = [datetime.date(year, *day) for day in [(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)]]
    return days + [easter(year) + datetime.timedelta(offset) for offset in (-3, -2, 0, 1, 39, 49, 50)]


def open_hours():
    """Opening and closing of every working day, in seconds since 1970."""
    free = {day for year in range(FIRST_YEAR, LAST_YEAR + 1) for day in holidays(year)}
    day = datetime.date(FIRST_YEAR, 1, 1)
    while day.year <= LAST_YEAR:
        if day.weekday() < 5 and day not in free:
            yield [
                int(datetime.datetime(day.year, day.month, day.day, hour, tzinfo=OSLO).timestamp()) for hour in (8, 15)
            ]
        day += datetime.timedelta(1)


class Office:
    def __init__(self, grain):
        self.grain = grain
        self.first = int(datetime.datetime(FIRST_YEAR, 1, 1, tzinfo=datetime.timezone.utc).timestamp())
        end = int(datetime.datetime(LAST_YEAR + 1, 1, 1, tzinfo=datetime.timezone.utc).timestamp())
        is_open = np.zeros((end - self.first) // grain, dtype=np.int32)
        for opens, closes in open_hours():
            assert opens % grain == 0 and closes % grain == 0, "the grain is too coarse"
            is_open[(opens - self.first) // grain : (closes - self.first) // grain] = 1
        before = (np.cumsum(is_open) - is_open) * grain
        # Open seconds before the row, and in the lowest bit whether it is open: one look-up brings both.
        self.before_and_open = (before * 2 + is_open).astype(np.int32)
        # For each open row, what makes an instant of open seconds.
        rows = np.flatnonzero(is_open)
        self.to_instant = ((rows - np.arange(len(rows))) * grain + 1).astype(np.int32)

    def add_to_all(self, instants, open_seconds, answers):
        buffers = [np.empty(AT_ONCE, dtype=np.int32) for _ in range(3)]
        wide = np.empty(AT_ONCE, dtype=np.int64)
        for start in range(0, len(instants), AT_ONCE):
            part = instants[start : start + AT_ONCE]
            since, row, found = (buffer[: len(part)] for buffer in buffers)
            second = wide[: len(part)]
            np.floor_divide(part, NANOS, out=second)
            np.subtract(second, self.first, out=since, casting="unsafe")
            np.floor_divide(since, self.grain, out=row)
            np.take(self.before_and_open, row, out=found, mode="clip")
            # Seconds into the row, if it is open.
            np.multiply(row, self.grain, out=row)
            np.subtract(since, row, out=since)
            np.bitwise_and(found, 1, out=row)
            np.multiply(since, row, out=since)
            np.right_shift(found, 1, out=found)
            np.add(found, since, out=found)
            # The last of the open seconds, and the instant after it.
            np.add(found, open_seconds - 1, out=found)
            np.floor_divide(found, self.grain, out=row)
            np.take(self.to_instant, row, out=since, mode="clip")
            np.add(since, found, out=since)
            np.add(since, self.first, out=second, casting="unsafe", dtype=np.int64)
            np.multiply(second, NANOS, out=answers[start : start + AT_ONCE])


def main():
    source, target, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    grain = int(sys.argv[4]) if len(sys.argv) > 4 else 60
    instants = np.fromfile(source, dtype="<i8")
    answers = np.empty_like(instants)
    office = Office(grain)
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        office.add_to_all(instants, ADDED_SECONDS, answers)
        seconds.append(time.perf_counter() - start)
    answers.tofile(target)
    print(json.dumps({"name": f"numpy, {grain} s a row", "seconds": seconds, "rows": len(instants)}))


if __name__ == "__main__":
    main()
