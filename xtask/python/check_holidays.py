"""Compares computed Norwegian holidays with two independent packages.

Reads `YYYY-MM-DD<TAB>id` lines from standard input: every holiday of the years 2000 to 2100, with one line
per name a day has. Sundays that are only Sundays are left out. For both packages it compares

* the days: the same dates, and
* the names: each id must stand for the same name wherever the package has one name for the day.

Prints how much was compared; ends with 1 and a list of differences if there are any, with 2 if the input
can't be read.
"""

import sys
from datetime import date

import holidays
from workalendar.europe import Norway

YEARS = range(2000, 2101)


def main():
    try:
        ids_by_day = read(sys.stdin)
    except ValueError as trouble:
        print(f"cannot read the holidays: {trouble}", file=sys.stderr)
        return 2
    differences = []
    for package, names_by_day in (("holidays", from_holidays()), ("workalendar", from_workalendar())):
        found = compare(ids_by_day, names_by_day)
        differences += [f"{package}: {difference}" for difference in found]
        print(f"{package}: {len(ids_by_day)} days compared with {len(names_by_day)}, {len(found)} differences")
    print("\n".join(differences), file=sys.stderr, end="\n" if differences else "")
    return 1 if differences else 0


def read(lines):
    """The ids of each day; refuses lines that aren't a date, a tab and an id, and an empty input."""
    ids_by_day = {}
    for number, line in enumerate(lines, start=1):
        day, tab, name = line.rstrip("\n").partition("\t")
        if not tab or not name:
            raise ValueError(f"line {number} is not a date, a tab and an id: {line!r}")
        ids_by_day.setdefault(date.fromisoformat(day), set()).add(name)
    if not ids_by_day:
        raise ValueError("there are no lines; write a date, a tab and an id on each")
    return ids_by_day


def from_holidays():
    calendar = holidays.Norway(years=YEARS, language="en_US")
    return {day: set(names.split("; ")) for day, names in calendar.items()}


def from_workalendar():
    names_by_day = {}
    calendar = Norway()
    for year in YEARS:
        for day, name in calendar.holidays(year):
            names_by_day.setdefault(day, set()).add(name)
    return names_by_day


def compare(ids_by_day, names_by_day):
    """What differs, in words."""
    missing = [f"{day} {words(names_by_day[day])} is missing" for day in sorted(names_by_day.keys() - ids_by_day)]
    surplus = [f"{day} {words(ids_by_day[day])} is no holiday" for day in sorted(ids_by_day.keys() - names_by_day)]
    return missing + surplus + compare_names(ids_by_day, names_by_day)


def compare_names(ids_by_day, names_by_day):
    """Days whose ids and names don't belong together, as learned from the days that have one of each."""
    days = sorted(ids_by_day.keys() & names_by_day)
    name_of, differences = {}, []
    for day in days:
        if len(ids_by_day[day]) == len(names_by_day[day]) == 1:
            [own], [name] = ids_by_day[day], names_by_day[day]
            if name_of.setdefault(own, name) != name:
                differences.append(f"{day} {own} is {name}, but elsewhere {name_of[own]}")
    if len(set(name_of.values())) != len(name_of):
        differences.append(f"two ids share a name: {name_of}")
    for day in days:
        expected = {name_of.get(own, f"{own}, which never stands alone") for own in ids_by_day[day]}
        if expected != names_by_day[day]:
            differences.append(f"{day} {words(expected)} should be {words(names_by_day[day])}")
    return differences


def words(names):
    return " and ".join(sorted(names))


if __name__ == "__main__":
    sys.exit(main())
