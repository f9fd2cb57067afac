//! Time travel: what is read as of an instant hangs on nothing that came to be known after it.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use samspill_agreement::model::{Agreement, Language};
use samspill_base::{CaseLog, Entry, Position};
use samspill_engine::{Engine, OnlineCase, json::to_json};

use crate::support::{agreement, at, duties, duty, read};

fn rules() -> Agreement {
    agreement(&format!(
        "[[phase]]\nid = \"klar\"\nname = \"Klar\"\nfrom = [\"klar\"]\nuntil = [\"av\", \"ut\"]\nrestart = \"ignored\"\n\
         [[requires]]\nid = \"krav\"\nclause = \"pkt. 3\"\nsays = \"…\"\nof = \"klar\"\nneeds = \"opp\"\nsince = [\"inn\", \"av\"]\neffect = \"void\"\n{}{}\
         [[meter]]\nid = \"dogn\"\nname = \"Døgn\"\nclause = \"pkt. 5\"\nsays = \"…\"\ncounts = \"days\"\nliable = \"fulfilled svar or overdue svar\"\nliable_clause = \"pkt. 5\"\nrate = \"100.00\"\n\
         [meter.from]\nkinds = [\"klar\"]\nclause = \"pkt. 5\"\n\
         [[meter.until]]\nkinds = [\"ut\", \"av\"]\nlast = \"day before\"\nclause = \"pkt. 6\"\n",
        duty(
            "svar",
            "must = \"svar\"\nafter = \"klar\"\nwithin = \"3 hours within kontor\"\ncounts_from = \"received\"\nwaived_by = [\"av\", \"ut\"]"
        ),
        duty(
            "rapport",
            "must = \"rapport\"\nafter = \"melding\"\nwithin = \"24 hours\"\nwhen = \"behov\"\nmay_precede = true"
        ),
    ))
}

#[test]
fn an_entry_recorded_later_is_not_known_before() {
    let events = "2024-06-03T10:00 melding behov=ja!\n2024-06-03T11:00 rapport recorded 2024-06-06T12:00";
    assert_eq!(duties(&read(&rules(), events, "2024-06-06T11:59")), ["missed due 2024-06-04T10:00"]);
    assert_eq!(
        duties(&read(&rules(), events, "2024-06-06T12:00")),
        ["kept due 2024-06-04T10:00"],
        "its true time counts"
    );
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    const KINDS: [&str; 10] =
        ["inn", "melding", "rapport", "klar", "svar", "av", "ut", "opp", "kansellering", "ukjent"];
    let start = at("2024-03-25T00:00");
    let minutes = move |count: i64| start + SignedDuration::from_mins(count);
    let one = (
        0..KINDS.len(),
        0_i64..14_400,
        proptest::option::of(0_i64..3_000),
        proptest::option::of(0_i64..9_000),
        any::<bool>(),
    );
    proptest::collection::vec(one, 0..14).prop_map(move |drawn| {
        let made = drawn.into_iter().zip(1..).map(|((kind, happened, received, recorded, behov), number)| {
            let mut entry = Entry::new("sak", KINDS[kind], Position(number), minutes(happened));
            entry.received = received.map(|later| minutes(happened + later));
            entry.recorded = recorded.map(|later| minutes(happened + later));
            entry.id = Some(format!("e{number}"));
            if number % 3 == 0 {
                entry.facts.insert("behov".to_owned(), samspill_base::Value::Bool(behov));
            }
            if KINDS[kind] == "kansellering" {
                entry
                    .body
                    .get_or_insert_default()
                    .insert("gjelder".to_owned(), samspill_base::Value::text(format!("e{}", number / 2)));
            }
            entry
        });
        made.collect()
    })
}

fn bytes(agreement: &Agreement, entries: Vec<Entry>, as_of: Timestamp) -> String {
    let log = CaseLog { case: "sak".to_owned(), entries };
    let evaluation = Engine::new(agreement).evaluate(&log, as_of);
    to_json(agreement, &evaluation, Language::Bokmal).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_order_in_which_entries_are_handed_over_changes_nothing(entries in entries(), minutes in 0_i64..20_000, seed in any::<u64>()) {
        let agreement = rules();
        let as_of = at("2024-03-25T00:00") + SignedDuration::from_mins(minutes);
        let mut shuffled = entries.clone();
        shuffled.sort_by_key(|entry| entry.position.0.wrapping_mul(seed | 1).rotate_left(17));
        prop_assert_eq!(bytes(&agreement, entries, as_of), bytes(&agreement, shuffled, as_of));
    }

    #[test]
    fn one_at_a_time_gives_the_same_bytes_as_all_at_once(entries in entries(), minutes in 0_i64..20_000) {
        let agreement = rules();
        let as_of = at("2024-03-25T00:00") + SignedDuration::from_mins(minutes);
        let mut online = OnlineCase::new(Engine::new(&agreement), "sak");
        for entry in entries.iter().rev() {
            online.take(entry.clone());
        }
        let read = to_json(&agreement, &online.read(as_of), Language::Bokmal).to_string();
        prop_assert_eq!(read, bytes(&agreement, entries, as_of));
    }

    #[test]
    fn what_comes_to_be_known_later_changes_nothing_read_before(entries in entries(), minutes in 0_i64..20_000) {
        let agreement = rules();
        let as_of = at("2024-03-25T00:00") + SignedDuration::from_mins(minutes);
        let is_known = |entry: &&Entry| entry.happened <= as_of && entry.recorded.is_none_or(|recorded| recorded <= as_of);
        let known: Vec<Entry> = entries.iter().filter(is_known).cloned().collect();
        prop_assert_eq!(bytes(&agreement, known, as_of), bytes(&agreement, entries, as_of));
    }
}
