use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use samspill_base::{Decimal, Entry, Position, Value};

use super::*;
use crate::chain::{EntryHash, Link};

fn number(text: &str) -> Value {
    Value::Number(Decimal::parse(text).unwrap())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// An entry with every kind of field and value in it.
fn example() -> Entry {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let facts =
        BTreeMap::from([("alene".to_owned(), Value::Bool(false)), ("antall".to_owned(), number("3.50"))]);
    let body = BTreeMap::from([
        ("liste".to_owned(), Value::List(vec![Value::Empty, Value::Bool(true), Value::text("å")])),
        ("kart".to_owned(), Value::Map(BTreeMap::from([("n".to_owned(), number("-12"))]))),
    ]);
    Entry {
        sent: Some(at("1969-12-31T23:59:59.999999999Z")),
        id: Some("m1".to_owned()),
        to: Some(String::new()),
        facts,
        body: Some(body),
        ..Entry::new("a", "k", Position(7), at("1970-01-01T00:00:00.000000001Z"))
    }
}

/// The form written out by hand, in the order of the module's description.
#[test]
fn an_entry_has_these_bytes() {
    let expected = [
        "01",
        "00000001 61",
        "00000001 6b",
        "00000000000000000000000000000001",
        "01 ffffffffffffffffffffffffffffffff",
        "00 00 00 00",
        "01 00000002 6d31",
        "00 00",
        "01 00000000",
        "00000002",
        "00000005 616c656e65 01",
        "00000006 616e74616c6c 03 00000003 332e35",
        "01 00000002",
        "00000004 6b617274 06 00000001 00000001 6e 03 00000003 2d3132",
        "00000005 6c69737465 05 00000003 00 02 04 00000002 c3a5",
    ];
    assert_eq!(hex(&entry_bytes(&example())), expected.concat().replace(' ', ""));
}

/// Computed with another program's SHA-256 from the description alone.
#[test]
fn a_link_of_the_chain_has_this_hash() {
    let link = Link {
        previous: &EntryHash::START,
        community: "nord",
        position: Position(7),
        key: "nøkkel",
        part: 1,
        parts: 2,
        entry: &entry_bytes(&example()),
    };
    assert_eq!(link.hash().to_string(), "8e1dd6b48b1c2c49dfc38382ae9402e2b240e5f4888bc60b605b230e53aae4c1");
}

#[test]
fn a_number_has_one_form_however_it_was_written() {
    for (written, form) in [
        ("3.50", "3.5"),
        ("350e-2", "3.5"),
        ("100e-2", "1"),
        ("-0", "0"),
        ("0e-3", "0"),
        ("1e3", "1000"),
        ("-0.050", "-0.05"),
    ] {
        assert_eq!(decimal_text(Decimal::parse(written).unwrap()), form, "{written}");
    }
    let smallest = decimal_text(Decimal::whole(i64::MIN));
    assert_eq!(decimal(&smallest), Some(Decimal::whole(i64::MIN)));
}

/// A value of `depth` lists within each other.
fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Empty, |inner, _| Value::List(vec![inner]))
}

#[test]
fn values_are_read_to_the_largest_depth_and_no_deeper() {
    for (depth, reads) in [(VALUE_DEPTH_MAX - 1, true), (VALUE_DEPTH_MAX, true), (VALUE_DEPTH_MAX + 1, false)]
    {
        let mut entry = example();
        entry.facts = BTreeMap::from([("dyp".to_owned(), nested(depth))]);
        assert_eq!(read_entry(&entry_bytes(&entry), entry.position) == Ok(entry), reads, "{depth}");
    }
}

#[test]
fn other_forms_of_an_entry_are_refused() {
    let good = entry_bytes(&example());
    let replaced = |from: &str, to: &str| {
        let text = hex(&good).replacen(&from.replace(' ', ""), &to.replace(' ', ""), 1);
        let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
        pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect::<Vec<_>>()
    };
    for (from, to, says) in [
        ("01 00000001 61", "02 00000001 61", "form"),
        ("01 00000002 6d31", "02 00000002 6d31", "neither 0 nor 1"),
        ("00000003 332e35", "00000004 332e3530", "shortest"),
        ("616c656e65", "7a6c656e65", "order"),
        ("00000002 c3a5", "00000002 ffff", "UTF-8"),
        ("00000002 c3a5", "ffffffff c3a5", "early"),
        ("05 00000003 00 02", "05 00000003 07 02", "no kind"),
        ("00000000000000000000000000000001", "7f000000000000000000000000000001", "calendar"),
        ("00000002 c3a5", "00000002 c3a5 00", "follows"),
    ] {
        let error = read_entry(&replaced(from, to), Position(1)).unwrap_err().to_string();
        assert!(error.contains(says), "{error}, not {says}");
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Empty),
        any::<bool>().prop_map(Value::Bool),
        (any::<i64>(), 0u8..10)
            .prop_map(|(digits, scale)| Value::from_number_text(&format!("{digits}e-{scale}"))),
        any::<String>().prop_map(Value::Text),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            prop::collection::btree_map("[a-c\0]{0,2}", inner, 0..3).prop_map(Value::Map),
        ]
    })
}

prop_compose! {
    fn entry()(
        names in ("[ab]{1,2}", "[kl]{1,2}"),
        times in prop::collection::vec(prop::option::of(-3i64..3), 5),
        happened in -377_705_116_800i64..253_402_207_200,
        texts in prop::collection::vec(prop::option::of("[x\0]{0,2}"), 4),
        facts in prop::collection::btree_map("[a-c]{0,2}", value(), 0..3),
        body in prop::option::of(prop::collection::btree_map("[a-c]{0,2}", value(), 0..2)),
    ) -> Entry {
        let time = |index: usize| times[index].map(|second| Timestamp::from_second(second).unwrap());
        Entry {
            case: names.0,
            kind: names.1,
            position: Position(1),
            happened: Timestamp::from_second(happened).unwrap(),
            sent: time(0),
            received: time(1),
            acknowledged: time(2),
            recorded: time(3),
            as_of: time(4),
            id: texts[0].clone(),
            person: texts[1].clone(),
            from: texts[2].clone(),
            to: texts[3].clone(),
            facts,
            body,
        }
    }
}

proptest! {
    #[test]
    fn entries_are_read_back_as_they_were(entry in entry()) {
        prop_assert_eq!(read_entry(&entry_bytes(&entry), entry.position), Ok(entry));
    }

    #[test]
    fn equal_entries_have_equal_bytes_and_others_have_others(one in entry(), other in entry()) {
        prop_assert_eq!(one == other, entry_bytes(&one) == entry_bytes(&other));
    }

    #[test]
    fn bytes_that_can_be_read_are_those_that_would_be_written(
        entry in entry(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let mut bytes = entry_bytes(&entry);
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        if let Ok(read) = read_entry(&bytes, entry.position) {
            prop_assert_eq!(entry_bytes(&read), bytes);
        }
    }
}
