//! Closed cases leave nothing behind.

use jiff::Timestamp;
use samspill_base::Value;
use samspill_engine::watch::{Event, Named};

use crate::{
    small::{RULES, agreement, event, hour},
    stated::watch,
};

#[test]
fn closing_cases_frees_what_they_took() {
    let mut watch = watch(&agreement(RULES));
    watch.advance(hour(900), |_, _| ());
    let mut sizes = Vec::new();
    for round in 0..4 {
        for case in 0..3_000_u64 {
            let name = format!("sak-{round}-{case}");
            for position in 1..=(case % 12 + 1) {
                let kind = if position % 3 == 0 { "svar" } else { "spor" };
                watch.take(&event(&name, kind, position, i64::try_from(position * 30).unwrap()));
            }
        }
        sizes.push(watch.bytes());
        assert_eq!(watch.len(), 3_000);
        assert!(watch.limits() > 1_000);
        for case in 0..3_000 {
            assert!(watch.close(&format!("sak-{round}-{case}")));
        }
        assert!(!watch.close("sak-0-0"), "it isn't there any more");
        assert_eq!((watch.len(), watch.limits(), watch.cases().count()), (0, 0, 0));
        assert_eq!(watch.due_between(Timestamp::MIN, Timestamp::MAX).count(), 0);
    }
    assert!(sizes[3] <= sizes[0] + sizes[0] / 20, "memory is used again: {sizes:?}");
}

#[test]
fn values_are_remembered_as_long_as_an_open_case_says_them() {
    let rules = format!("{RULES}when = 'alder >= 67'\n[[fact]]\nid = \"alder\"\ntype = \"number\"\n");
    let mut watch = watch(&agreement(&rules));
    watch.advance(hour(900), |_, _| ());
    for case in 0..500 {
        let alder = [("alder", Value::text(case.to_string())), ("ellers", Value::text(format!("x{case}")))];
        let name = format!("{}", case / 5);
        let event = Event { facts: Named::Pairs(&alder), ..event(&name, "spor", case % 5 + 1, 1) };
        watch.take(&event);
    }
    assert_eq!((watch.len(), watch.values()), (100, 500));
    for case in 0..100 {
        watch.close(&case.to_string());
        assert_eq!(watch.values(), 500 - 5 * (case + 1));
    }
}
