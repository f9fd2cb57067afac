//! Whatever a log holds, a table holds it.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;
use samspill_base::{Columns, Decimal, Entry, Position, Value};
use samspill_tables::{LogRows, LogTable, Shape};

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Empty),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| Value::Number(Decimal::whole(number))),
        (-999_999_i64..999_999, 1_u32..6).prop_map(|(number, digits)| {
            let unit = 10_i64.pow(digits);
            let text =
                format!("{}.{:0width$}", number / unit, (number % unit).abs(), width = digits as usize);
            Value::from_number_text(&text)
        }),
        "[a-z0-9æ=\"{}. ]{0,6}".prop_map(Value::text),
        prop::collection::vec(any::<bool>().prop_map(Value::Bool), 0..3).prop_map(Value::List),
    ]
}

fn values() -> impl Strategy<Value = BTreeMap<String, Value>> {
    prop::collection::btree_map("(a|b|c|svar|facts|)", value(), 0..4)
}

fn time() -> impl Strategy<Value = Timestamp> {
    let seconds = -4_000_000_000_i64..9_000_000_000;
    let nanos = prop_oneof![Just(0), Just(1000), Just(999_999_999)];
    (seconds, nanos).prop_map(|(second, nanos)| Timestamp::new(second, nanos).expect("in range"))
}

prop_compose! {
    fn entry()(
        case in "[ab]", kind in "(innlagt|svar)", happened in time(), sent in prop::option::of(time()),
        recorded in prop::option::of(time()), as_of in prop::option::of(time()),
        id in prop::option::of("[a-z]{0,3}"), to in prop::option::of("[a-z]{0,3}"),
        facts in values(), body in prop::option::of(values()),
    ) -> Entry {
        Entry { sent, recorded, as_of, id, to, facts, body, ..Entry::new(case, kind, Position(1), happened) }
    }
}

fn log() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec(entry(), 0..12).prop_map(|mut entries| {
        for (place, entry) in (3..).step_by(2).zip(&mut entries) {
            entry.position = Position(place);
        }
        entries
    })
}

/// The log as tables of so many rows, and back.
fn there_and_back(entries: &[Entry], rows: usize) -> Vec<Entry> {
    let mut shape = Shape::default();
    for entry in entries {
        shape.see(entry);
    }
    let mut out = LogRows::new(shape, "Europe/Oslo");
    let mut table = LogTable::new(TimeZone::UTC);
    for part in entries.chunks(rows) {
        for entry in part {
            out.push(entry);
        }
        assert_eq!(table.push(&out.take().expect("a batch")).expect("a log"), []);
    }
    let columns: Columns = table.finish();
    (0..columns.len()).map(|row| columns.entry(row)).collect()
}

proptest! {
    #[test]
    fn every_entry_comes_back_from_a_table(entries in log(), rows in 1_usize..13) {
        prop_assert_eq!(there_and_back(&entries, rows), entries);
    }
}
