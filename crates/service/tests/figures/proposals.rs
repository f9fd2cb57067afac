//! Proposals are checked as a whole, and each mistake stands beside its line.

use jiff::{SignedDuration, Timestamp};
use samspill_agreement::model::Language;
use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_service::{
    figures::Whole,
    proposals::{Proposal, Tally, Trial, Whose, beside, check, selects_the_same, sources_of},
};
use samspill_shelf::{Found, find};

const PAYMENT: &str = "processes/betaling.toml";

fn found() -> Found {
    find("unn").unwrap().remove(0)
}

fn proposal(found: &Found) -> Proposal {
    let version = sources_of(found, "2023-06-01").unwrap();
    Proposal::of("1".to_owned(), "unn".to_owned(), version, Timestamp::UNIX_EPOCH)
}

#[test]
fn a_proposal_that_says_what_the_agreement_says_can_be_used() {
    let found = found();
    let proposal = proposal(&found);
    let checked = check(&proposal, &found).unwrap();
    assert_eq!((checked.is_usable(), checked.errors(), checked.is_new_version), (true, 0, false));
    assert_eq!(proposal.changed(sources_of(&found, "2023-06-01").unwrap()).count(), 0);
}

#[test]
fn a_mistake_stands_beside_its_line_with_its_code_and_what_to_write_instead() {
    let found = found();
    let mut proposal = proposal(&found);
    let text = proposal.files[PAYMENT].replace("rate = \"law:dognpris\"", "rate = \"law:dognpriss\"");
    proposal.set(PAYMENT, &text.replace('\n', "\r\n"));
    let checked = check(&proposal, &found).unwrap();
    assert!(!checked.is_usable() && checked.errors() > 0);
    let lines = beside(PAYMENT, &proposal.files[PAYMENT], &checked.diagnostics, Language::English);
    let marked: Vec<_> = lines.iter().filter(|line| !line.remarks.is_empty()).collect();
    assert_eq!(marked.len(), 1, "{:?}", checked.diagnostics);
    assert_eq!(marked[0].text, "rate = \"law:dognpriss\"");
    assert!(!marked[0].remarks[0].code.is_empty() && marked[0].remarks[0].help.is_some());
    assert_eq!(proposal.changed(sources_of(&found, "2023-06-01").unwrap()).collect::<Vec<_>>(), [PAYMENT]);
}

#[test]
fn a_mistake_is_told_in_the_language_of_the_page_with_the_word_that_is_wrong() {
    let found = found();
    let mut proposal = proposal(&found);
    let text = proposal.files[PAYMENT].replace("rate = \"law:dognpris\"", "rate = \"law:dognpriss\"");
    proposal.set(PAYMENT, &text);
    let checked = check(&proposal, &found).unwrap();
    for (language, part) in [
        (Language::Bokmal, "En sats nevner"),
        (Language::Nynorsk, "Ein sats nemner"),
        (Language::English, "there is no"),
    ] {
        let lines = beside(PAYMENT, &text, &checked.diagnostics, language);
        let remark = lines.iter().flat_map(|line| &line.remarks).next().unwrap();
        assert!(remark.message.contains(part) && remark.message.contains("dognpriss"), "{}", remark.message);
        assert!(remark.help.as_ref().unwrap().contains("dognpris"), "{:?}", remark.help);
    }
}

#[test]
fn another_day_of_coming_into_force_makes_another_version() {
    let found = found();
    let mut proposal = proposal(&found);
    let text = proposal.files["agreement.toml"].replace("in_force = 2023-06-01", "in_force = 2027-01-01");
    proposal.set("agreement.toml", &text);
    let checked = check(&proposal, &found).unwrap();
    assert!(checked.is_usable() && checked.is_new_version, "{:?}", checked.diagnostics);
    assert_eq!(checked.agreement.unwrap().newest().version, "2027-01-01");
}

#[test]
fn no_text_whatever_stops_the_check() {
    let found = found();
    for text in ["", "=", "[[duty]]", "[agreement]\nin_force = 1", "\u{0}\u{202e}", &"[".repeat(10_000)] {
        let mut proposal = proposal(&found);
        proposal.set("agreement.toml", text);
        assert!(!check(&proposal, &found).unwrap().is_usable(), "{text:.40}");
    }
}

#[test]
fn a_version_that_is_gone_is_said_to_be() {
    let found = found();
    let gone = Proposal { base: "2001-01-01".to_owned(), ..proposal(&found) };
    assert!(check(&gone, &found).unwrap_err().to_string().contains("2001-01-01"));
}

/// A proposal whose payment file says something else.
fn saying(from: &str, to: &str) -> Proposal {
    let found = found();
    let mut proposal = proposal(&found);
    let text = proposal.files[PAYMENT].replace(from, to);
    assert_ne!(text, proposal.files[PAYMENT], "{from} stands there");
    proposal.set(PAYMENT, &text);
    proposal
}

/// What is changed in the file of payment, into what, and whether the same stays are selected.
#[test]
fn only_limits_days_prices_and_texts_may_differ_where_the_stays_of_others_are_read() {
    let found = found();
    let base = sources_of(&found, "2023-06-01").unwrap();
    assert!(selects_the_same(&proposal(&found), base));
    for (from, to, is_same) in [
        ("rate = \"law:dognpris\"", "rate = \"130.00\"", true),
        ("counts = \"days\"", "counts = \"days\"\nfree_days = 5\nfree_clause = \"Forslag\"", true),
        ("nb = \"Kommunen betaler", "nb = \"Kommunen skal betale", true),
        ("\n[meter.from]", "\n# bare en merknad\n[meter.from]", true),
        ("next working day", "2 working days after", false),
        ("fulfilled svar-utskrivningsklar or", "problem is \"fraktur\" or", false),
        ("when = \"late tidligmelding\"", "when = \"late tidligmelding and body tekst is \\\"x\\\"\"", false),
        ("[meter.from]", "[meter.from]\nwhen = \"alder is 93\"", false),
        ("\n[[meter", "\n[calendar.rate]\nmon = \"08:00-08:01\"\n\n[[meter", false),
    ] {
        assert_eq!(selects_the_same(&saying(from, to), base), is_same, "{to}");
    }
    let mut fewer = proposal(&found);
    fewer.files.remove(PAYMENT);
    assert!(!selects_the_same(&fewer, base), "a file less");
    let mut broken = proposal(&found);
    broken.set(PAYMENT, "=");
    assert!(!selects_the_same(&broken, base), "what can't be read");
}

/// A limit, another, and whether they ask the same.
#[test]
fn a_limit_may_be_longer_but_may_not_count_from_what_is_known_of_a_patient() {
    let found = found();
    let base = sources_of(&found, "2023-06-01").unwrap();
    let (name, limit) = base
        .files
        .iter()
        .find_map(|file| {
            let line =
                file.text.lines().find(|line| line.starts_with("within = \"") && !line.contains("before"))?;
            Some((file.name.clone(), line.to_owned()))
        })
        .unwrap();
    let within = |limit_now: &str| {
        let mut proposal = proposal(&found);
        let short = proposal.files.keys().find(|short| name.ends_with(short.as_str())).unwrap().clone();
        let text = proposal.files[&short].replacen(&limit, &format!("within = \"{limit_now}\""), 1);
        proposal.set(&short, &text);
        selects_the_same(&proposal, base)
    };
    assert!(within("72 hours") && within("15:00 same working day, next if at or after 14:00"));
    assert!(!within("24 hours before fact forventet-utskrivning"));
}

/// Cases by how many days they wait, which of them are the reader's own, and a rule by which days are free.
#[test]
fn a_trial_counts_what_changes_and_from_how_many_stays_of_others() {
    let found = found();
    let before = found.load().agreement.unwrap();
    let free = saying("counts = \"days\"", "counts = \"days\"\nfree_days = 2\nfree_clause = \"Forslag\"");
    let after = check(&free, &found).unwrap().agreement.unwrap();
    let mut trial = Trial::new(before, after);
    for number in 0..7 {
        let whose = if number < 3 { Whose::Own } else { Whose::Others };
        trial.add(&waiting(number, if number == 6 { 0 } else { 3 }), Timestamp::MAX, whose);
    }
    let numbers = |tally: &Tally| {
        let Some(meter) = tally.meters.get("betalingsdogn") else { return (tally.cases, 0, 0, 0) };
        let days = meter.total;
        (tally.cases, tally.changed_cases, days.before.days, days.after.days)
    };
    assert_eq!(numbers(&trial.all), (7, 6, 18, 6));
    assert_eq!(numbers(&trial.others), (4, 3, 9, 3));
    let changed = trial.others.meters["betalingsdogn"].changed(&trial.all.meters["betalingsdogn"].payers());
    assert_eq!((changed.at(&[Whole::Sum]).cases, changed.at(&[Whole::Sum]).count), (3, 6));
    assert!(trial.all.duties.values().all(|duty| !duty.is_changed() && duty.changed_cases == 0));
}

/// A stay that waited so many days for the municipality.
fn waiting(number: usize, days: i64) -> CaseLog {
    let monday: Timestamp = "2024-06-03T08:00:00Z".parse().unwrap();
    let mut entries = Vec::new();
    let mut add = |kind: &str, hours: i64| {
        let at = monday + SignedDuration::from_hours(hours);
        entries.push(Entry::new(number.to_string(), kind, Position(entries.len() as u64 + 1), at));
    };
    add("innlagt", 0);
    add("tidligmelding", 2);
    add("helseopplysninger", 7 * 24 - 1);
    add("utskrivningsklar", 7 * 24);
    add("utskrevet", 7 * 24 + 2 + if days > 0 { (days + 1) * 24 } else { 0 });
    let facts = [
        ("fagomrade", Value::text("somatikk")),
        ("kommunale-tjenester", Value::Bool(true)),
        ("kommunalt-behov", Value::Bool(true)),
    ];
    entries[0].facts.extend(facts.map(|(name, value)| (name.to_owned(), value)));
    CaseLog { case: number.to_string(), entries }
}
