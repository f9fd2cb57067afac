//! Proposals are checked as a whole, and each mistake stands beside its line.

use jiff::Timestamp;
use samspill_service::proposals::{Proposal, beside, check, sources_of};
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
    let lines = beside(PAYMENT, &proposal.files[PAYMENT], &checked.diagnostics);
    let marked: Vec<_> = lines.iter().filter(|line| !line.remarks.is_empty()).collect();
    assert_eq!(marked.len(), 1, "{:?}", checked.diagnostics);
    assert_eq!(marked[0].text, "rate = \"law:dognpriss\"");
    assert!(!marked[0].remarks[0].code.is_empty() && marked[0].remarks[0].help.is_some());
    assert_eq!(proposal.changed(sources_of(&found, "2023-06-01").unwrap()).collect::<Vec<_>>(), [PAYMENT]);
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
