//! A case that is read just when a clock that counts comes.

use jiff::SignedDuration;
use samspill_base::{CaseLog, Entry, Position, Value};

use crate::{
    logs::{Reading, in_oslo},
    same::is_read_the_same,
    versions::loaded,
};

const AGREEMENT: &str = r#"
[agreement]
id = "klokke"
name = "Avtale"
in_force = 2020-01-01
[[party]]
id = "x"
[[party]]
id = "y"
[[fact]]
id = "behov"
type = "yes-no"
[[kind]]
id = "inn"
type = "message"
from = ["x"]
to = ["y"]
[[kind]]
id = "svar"
type = "message"
from = ["y"]
to = ["x"]
[calendar]
zone = "Europe/Oslo"
[[duty]]
id = "svare"
clause = "pkt. 1"
says = "…"
who = "y"
must = ["svar"]
after = ["inn"]
within = "24 hours"
counts_from = "received"
when = 'behov'
[[meter]]
id = "dager"
clause = "pkt. 2"
says = "…"
counts = "days"
rate = "none"
liable = 'missed svare'
[meter.from]
kinds = ["inn"]
"#;

#[test]
fn days_can_still_change_until_the_clock_that_counts_has_come() {
    let loaded = loaded(&[("2020-01-01".to_owned(), AGREEMENT.to_owned())])
        .unwrap_or_else(|mistake| panic!("{mistake}"));
    let happened = in_oslo("2024-03-25T10:00".parse().expect("a time"));
    let received = happened + SignedDuration::from_hours(72);
    let beside = SignedDuration::from_nanos(1);
    let case = |need: bool| {
        let case = format!("sak {need}");
        let mut entry = Entry::new(&case, "inn", Position(1), happened);
        entry.received = Some(received);
        entry.facts.insert("behov".to_owned(), Value::Bool(need));
        let day = received + SignedDuration::from_hours(24);
        let as_of = [happened, received - beside, received, received + beside, day, day + beside];
        Reading { log: CaseLog { case, entries: vec![entry] }, as_of: as_of.to_vec() }
    };
    if let Err(difference) = is_read_the_same(&loaded, &[case(true), case(false)]) {
        panic!("{difference}");
    }
}
