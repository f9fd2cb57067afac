//! Rules that hang on kinds, days and order alone are read a quicker way, with the same answers.

use proptest::prelude::*;
use samspill_base::{Entry, Position};
use samspill_engine::watch::Event;

use crate::{
    small::{RULES, agreement, hour},
    stated::{Logs, holds, watch},
};

/// Duties of all shapes that the quicker way knows.
fn rules() -> String {
    let (head, _) = RULES.split_once("[[duty]]").expect("a duty");
    let both = "from = [\"sykehus\", \"kommune\"]";
    let head = head.replace("from = [\"sykehus\"]", both).replace("from = [\"kommune\"]", both);
    let duties = [
        ("a", "svar", "spor", "within = \"2 days\"\nwaived_by = [\"lukket\"]"),
        ("b", "spor", "svar", "within = \"1 working day\"\nwhich = \"first\"\nmay_precede = true"),
        (
            "c",
            "notat",
            "spor",
            "within = \"last day of the month\"\nwhich = \"latest\"\nwaived_by = [\"lukket\", \"svar\"]",
        ),
        ("d", "lukket", "svar", "within = \"at once\"\nwaived_by = [\"notat\"]"),
        ("e", "spor", "spor", "within = \"3 days\"\nwaived_by = [\"lukket\"]"),
    ];
    let duty = |(id, must, after, more): &(&str, &str, &str, &str)| {
        format!(
            "[[duty]]\nid = \"{id}\"\nclause = \"1\"\nsays = \"A duty.\"\nwho = \"kommune\"\nmust = \"{must}\"\n\
             after = \"{after}\"\n{more}\n"
        )
    };
    format!("{head}{}", duties.iter().map(duty).collect::<String>())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn plain_rules_say_the_same_whatever_the_order_of_arrival(
        entries in proptest::collection::vec((0..5_usize, 0..6_usize, 0..260_i64, any::<bool>()), 1..60),
        now in 0..400_i64,
    ) {
        let kinds = ["spor", "svar", "lukket", "notat", "spor", "ukjent"];
        let mut watch = watch(&agreement(&rules()));
        watch.advance(hour(now), |_, _| ());
        let mut logs = Logs::new();
        for (number, (case, kind, at, in_order)) in (1_u64..).zip(&entries) {
            let position = if *in_order { 1_000 + number } else { 1_000 - number };
            // Half of them at midnight, some at the same instant; many in the order of time, as logs are.
            let at = if at % 2 == 0 { at / 24 * 24 } else { *at };
            let at = if number % 3 == 0 { at } else { i64::try_from(number).unwrap_or(0) * 4 };
            let entry = Entry::new(format!("sak-{case}"), kinds[*kind], Position(position), hour(at));
            watch.take(&Event::from(&entry));
            logs.entry(entry.case.clone()).or_default().push(entry);
        }
        holds(&mut watch, &logs, "plain")?;
        watch.advance(hour(now + 90), |_, _| ());
        holds(&mut watch, &logs, "plain, later")?;
    }
}
