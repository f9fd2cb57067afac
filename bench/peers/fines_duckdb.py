"""The rules on fines in SQL, by DuckDB: from rows in memory, or from a table on disk (goal 3).

    fines_duckdb.py rows FOLDER TIMES
    fines_duckdb.py table FILE.csv 1
"""

import os
import sys

import duckdb
import numpy as np

import side
from fines_polars import KINDS, RULES, kind_codes

KEY = 'day::bigint * 4294967296 + "row"'

# Wide: for each case the key of each kind. A key is the local day above and the number of the row below: one number that
# orders entries as the rules do, and still tells the day. Payments that come after a trigger are looked for in a list.
WIDE = """
with keyed as (select "case", kind, {key} as key from {rows}),
wide as (
  select "case", min(key) as first, {firsts},
         list(key) filter (kind = {pay}) as pays
  from keyed group by "case"
)
"""

RULE_SQL = f"""
select "case",
  {{duties}},
  ((penalty is not null) and (notify is null or d(notify) > d(penalty) - 60))::utinyint as r8,
  ((collect is not null) and (penalty is null or d(penalty) > d(collect)))::utinyint as r9
from wide {{order}}
"""


def after(trigger):
    """The first payment after a trigger: the first of all, but where that came before."""
    return f"case when pay is null or pay > {trigger} then pay else list_min(list_filter(pays, lambda p: p > {trigger})) end"


def later(kind, trigger):
    return f"case when {kind} > {trigger} then {kind} end"


def since(kind, trigger):
    return f"case when d({kind}) >= d({trigger}) then {kind} end"


def duty(place, trigger, due, done, closed="null::bigint"):
    return f"""case when {trigger} is null then 0
      when ({closed}) is null and ({done}) is not null or ({done}) < ({closed})
        then case when d({done}) > {due} then 2 else 1 end
      when ({closed}) is not null then case when d({closed}) > {due} then 4 else 16 end
      else case when {due} < 15887 then 4 else 8 end end::utinyint as r{place}"""


def rules(order):
    five_years = "(epoch_day_of(day_of(penalty) + interval 5 years))"
    closing_collect = f"least({after('penalty')}, {later('judge', 'penalty')}, {later('appeal', 'penalty')})"
    duties = [
        duty(0, "creation", "d(creation) + 90", since("send", "creation"), after("creation")),
        duty(1, "send", "d(send) + 90", since("notify", "send"), after("send")),
        duty(2, "notify", "d(notify) + 60", "least(pay, appeal, judge)"),
        duty(3, "appeal", "d(appeal) + 60", since("forward", "appeal")),
        duty(4, "forward", "d(forward) + 120", since("result", "forward")),
        duty(5, "result", "d(result) + 150", since("told", "result")),
        duty(6, "told", "d(told) + 30", "least(pay, judge)"),
        duty(7, "penalty", five_years, since("collect", "penalty"), closing_collect),
    ]
    return RULE_SQL.format(duties=",\n  ".join(duties), order=order)


def firsts(codes):
    names = {"create": "creation"}
    return ", ".join(f"min(key) filter (kind = {codes[short]}) as {names.get(short, short)}" for short in KINDS)


def main(what, source, times):
    base = duckdb.connect(config={"threads": int(os.environ.get("BENCH_THREADS", "2"))})
    base.execute("set timezone = 'Europe/Rome'")
    base.execute("create macro d(key) as key // 4294967296")
    base.execute("create macro day_of(key) as date '1970-01-01' + (key // 4294967296)::integer")
    base.execute("create macro epoch_day_of(moment) as date_diff('day', date '1970-01-01', moment::date)")
    {"rows": from_rows, "table": from_table}[what](base, source, int(times))


def from_rows(base, folder, times):
    """Times come in as instants; their local day is looked up once for each that there is."""
    codes = kind_codes(folder)
    case = np.fromfile(f"{folder}/case.u32", dtype=np.uint32)
    cases = int(case.max()) + 1
    all_cases = np.concatenate([case + np.uint32(round * cases) for round in range(times)])
    kind = np.tile(np.fromfile(f"{folder}/kind.u8", dtype=np.uint8), times)
    at = np.tile(np.fromfile(f"{folder}/at.i64", dtype=np.int64) // 1000, times)
    number = np.arange(len(at), dtype=np.int64)
    fill(base, all_cases, kind, at, number)
    rows = "(select l.*, o.day from log l join (select stamp, epoch_day_of(stamp) as day from (select distinct stamp from log)) o using (stamp))"
    query = WIDE.format(key=KEY, rows=rows, firsts=firsts(codes), pay=codes["pay"]) + rules("")
    run = lambda: base.execute(query).fetchnumpy()
    side.serve({"cases": cases * times, "rows": len(at), "peer": f"duckdb {duckdb.__version__}"}, run, as_bytes)


def fill(base, case, kind, at, number):
    frame = {"case": case, "kind": kind, "at": at, "row": number}  # DuckDB finds it by its name
    base.execute('create table log as select "case", kind, make_timestamptz("at") as stamp, "row" from frame')


def from_table(base, path, _):
    """Each run reads the file anew. Cases come back in the order in which the file has them."""
    kinds = {short: f"'{name}'" for short, name in KINDS.items()}
    columns = {"case": "varchar", "kind": "varchar", "at": "timestamptz"}
    read = f"""(select "case", kind, epoch_day_of("at") as day, row_number() over () as "row"
      from (select "case", kind, "at" from read_csv('{path}', header = true, types = {columns})))"""
    query = WIDE.format(key=KEY, rows=read, firsts=firsts(kinds), pay=kinds["pay"]) + rules("order by first % 4294967296")
    run = lambda: base.execute(query).fetchnumpy()
    cases, rows = base.execute(f"""select count(distinct "case"), count(*) from read_csv('{path}', header = true)""").fetchone()
    side.serve({"cases": cases, "rows": rows, "peer": f"duckdb {duckdb.__version__}"}, run, in_given_order)


def in_given_order(result):
    return np.column_stack([result[f"r{place}"].astype(np.uint8) for place in range(len(RULES))]).tobytes()


def as_bytes(result):
    order = np.argsort(result["case"], kind="stable")
    return np.column_stack([result[f"r{place}"].astype(np.uint8)[order] for place in range(len(RULES))]).tobytes()


if __name__ == "__main__":
    main(*sys.argv[1:])
