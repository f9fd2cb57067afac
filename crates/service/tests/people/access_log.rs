use std::collections::BTreeSet;

use samspill_agreement::model::Language;
use samspill_service::{
    access::{Action, Decision, Means, Purpose, Role, Rule, Subject},
    audit::{About, AccessFilter, Happened, Happening, Look, Search},
};

use crate::support::{House, at};

/// A synthetic number: 80 is added to its month.
const PATIENT: &str = "41814061033";

fn subject(account: &str, role: Role, party: &str) -> Subject {
    Subject {
        account: account.to_owned(),
        name: format!("Navn {account}"),
        role,
        party: party.to_owned(),
        units: ["A", "B"].map(str::to_owned).into(),
        means: Means::Person,
        grants: Vec::new(),
    }
}

fn persons() -> BTreeSet<String> {
    BTreeSet::from([PATIENT.to_owned()])
}

const ALLOWED: Decision = Decision { is_allowed: true, rule: Rule::TakesPart };
const REFUSED: Decision = Decision { is_allowed: false, rule: Rule::NoPart };

async fn look(house: &House, by: &Subject, about: About<'_>, decision: Decision, second: i64) -> u64 {
    let action = match about {
        About::Message { .. } => Action::ReadMessage,
        About::Stay { .. } | About::List | About::Party(_) | About::Person(_) | About::Community => {
            Action::ReadStay
        }
    };
    let look = Look {
        by,
        action,
        purpose: Purpose::Care,
        decision,
        about,
        detail: "side",
        count: 1,
        request: "r",
        at: at(second),
    };
    house.audit.record(&look).await.unwrap()
}

fn search<'a>(by: &'a Subject, filter: &'a AccessFilter) -> Search<'a> {
    let (purpose, decision) = (Purpose::Oversight, Decision { is_allowed: true, rule: Rule::OwnParty });
    Search { by, purpose, decision, filter, before: None, limit: 100, request: "r", now: at(100) }
}

#[tokio::test]
async fn a_look_is_kept_with_all_that_it_was_and_without_the_patients_id() {
    let house = House::new().await;
    let (kari, persons) = (subject("kari", Role::Ward, "UNN"), persons());
    let about = About::Message { number: 12, case: Some("opphold-1"), persons: &persons };
    assert_eq!(look(&house, &kari, about, ALLOWED, 0).await, 1);
    let kept = house.audit.of_case("opphold-1", 9).await.unwrap();
    let row = &kept[0].access;
    assert_eq!(
        (row.name.as_str(), row.role.as_str(), row.party.as_str(), row.unit.as_str()),
        ("Navn kari", "sengepost", "UNN", "A, B")
    );
    assert_eq!(
        (row.action.as_str(), row.purpose.as_str(), row.rule.as_str()),
        ("lese-melding", "omsorg", "tar-del")
    );
    assert_eq!((row.kind.as_str(), row.detail.as_str(), row.node.as_str()), ("melding", "12 side", "node-1"));
    assert_eq!(row.person, Some(house.register.key_of(PATIENT)));
    assert!(!format!("{row:?}").contains(PATIENT));
}

#[tokio::test]
async fn searching_the_log_stands_in_the_log_before_anything_is_found() {
    let house = House::new().await;
    let (kari, per, persons) =
        (subject("kari", Role::Ward, "UNN"), subject("per", Role::Auditor, "UNN"), persons());
    look(&house, &kari, About::Stay { case: "opphold-1", persons: &persons }, ALLOWED, 0).await;
    look(&house, &kari, About::List, ALLOWED, 1).await;
    let filter = AccessFilter { person: Some(PATIENT.to_owned()), ..AccessFilter::default() };
    let found = house.audit.search(&search(&per, &filter)).await.unwrap();
    let seen: Vec<_> = found
        .iter()
        .map(|row| (row.number, row.access.action.as_str(), row.access.account.as_str()))
        .collect();
    assert_eq!(seen, [(3, "tilgangslogg", "per"), (1, "lese-opphold", "kari")]);
    let filter =
        AccessFilter { case: Some("opphold-1".to_owned()), from: Some(at(0)), ..AccessFilter::default() };
    house.audit.search(&search(&per, &filter)).await.unwrap();
    let all = house.audit.search(&search(&per, &AccessFilter::default())).await.unwrap();
    assert_eq!(all[1].access.detail, "opphold=opphold-1 fra=2026-03-17T12:00:00Z");
    assert!(!format!("{all:?}").contains(PATIENT));
}

#[tokio::test]
async fn a_patients_report_has_both_sides_in_words_and_nothing_that_was_refused() {
    let house = House::new().await;
    let persons = persons();
    let ward = subject("kari", Role::Ward, "UNN");
    let office = Subject { units: BTreeSet::new(), ..subject("ola", Role::CaseOffice, "Tromsø") };
    let other = subject("nils", Role::CaseOffice, "Bardu");
    let none = BTreeSet::new();
    look(&house, &ward, About::Stay { case: "opphold-1", persons: &persons }, ALLOWED, 0).await;
    look(&house, &office, About::Stay { case: "opphold-2", persons: &none }, ALLOWED, 1).await;
    look(&house, &other, About::Stay { case: "opphold-1", persons: &persons }, REFUSED, 2).await;
    look(&house, &other, About::Stay { case: "opphold-3", persons: &none }, ALLOWED, 3).await;
    let cases = ["opphold-1", "opphold-2"].map(str::to_owned).into();
    let report = house.audit.report(&persons, &cases, Language::Nynorsk).await.unwrap();
    assert_eq!(report.looks, 2);
    let lines: Vec<_> = report
        .lines
        .iter()
        .map(|line| {
            (line.at, line.who.as_str(), line.organisation.as_str(), line.role.as_str(), line.what.as_str())
        })
        .collect();
    assert_eq!(
        lines,
        [
            (at(1), "Navn ola", "Tromsø", "Tildelingskontor", "Las opphaldet"),
            (at(0), "Navn kari", "UNN, A, B", "Sengepost", "Las opphaldet"),
        ]
    );
    assert_eq!(report.lines[0].purpose, "Helsehjelp og planlegging av hjelpa");
    assert_eq!(report.lines[0].ground, "Eininga eller parten tek del i opphaldet");
    let english = house.audit.report(&persons, &cases, Language::English).await.unwrap();
    assert_eq!(english.lines[1].what, "Read the stay");
}

#[tokio::test]
async fn many_who_look_at_once_each_get_their_own_number() {
    let house = House::new().await;
    let mut looks = tokio::task::JoinSet::new();
    for number in 0..50 {
        let (audit, persons) = (house.audit.clone(), persons());
        looks.spawn(async move {
            let by = subject(&number.to_string(), Role::Ward, "UNN");
            let about = About::Stay { case: "opphold-1", persons: &persons };
            let look = Look {
                by: &by,
                action: Action::ReadStay,
                purpose: Purpose::Care,
                decision: ALLOWED,
                about,
                detail: "",
                count: 1,
                request: "",
                at: at(0),
            };
            (audit.record(&look).await.unwrap(), by.account)
        });
    }
    let mut told = looks.join_all().await;
    told.sort();
    assert!(told.iter().map(|(number, _)| *number).eq(1..=50));
    let kept = house.store.accesses_after(&house.community, 0, 100).await.unwrap();
    let kept: Vec<_> = kept.into_iter().map(|row| (row.number, row.access.account)).collect();
    assert_eq!(kept, told);
    let verified = house.audit.verify().await.unwrap();
    assert_eq!((verified.rows, verified.broken), (50, None));
}

#[tokio::test]
async fn one_who_goes_away_while_waiting_takes_no_others_row_along() {
    let house = House::new().await;
    let by = subject("kari", Role::Ward, "UNN");
    let about = About::List;
    let look = Look {
        by: &by,
        action: Action::ListStay,
        purpose: Purpose::Care,
        decision: ALLOWED,
        about,
        detail: "",
        count: 1,
        request: "",
        at: at(0),
    };
    for _ in 0..20 {
        let gone = tokio::time::timeout(std::time::Duration::ZERO, house.audit.record(&look));
        let (gone, kept) = tokio::join!(gone, house.audit.record(&look));
        assert!(kept.is_ok());
        drop(gone);
    }
    let kept = house.store.accesses_after(&house.community, 0, 100).await.unwrap();
    assert!(kept.len() >= 20);
    assert_eq!(house.audit.verify().await.unwrap().broken, None);
}

#[tokio::test]
async fn logins_stand_in_the_log_the_refused_ones_too() {
    let house = House::new().await;
    let happening = Happening {
        account: "",
        name: "",
        what: Happened::LoginRefused,
        detail: "ukjent",
        request: "r",
        at: at(0),
    };
    house.audit.note(&happening).await.unwrap();
    let filter = AccessFilter { is_refused: Some(true), ..AccessFilter::default() };
    let per = subject("per", Role::Auditor, "UNN");
    let found = house.audit.search(&search(&per, &filter)).await.unwrap();
    assert_eq!(
        (found[0].access.action.as_str(), found[0].access.detail.as_str()),
        ("innlogging-avvist", "ukjent")
    );
}

#[tokio::test]
async fn a_look_is_written_with_what_it_is_about_or_not_at_all() {
    let house = House::new().await;
    let by = subject("kari", Role::Ward, "UNN");
    let persons = persons();
    let about = About::Stay { case: "opphold-1", persons: &persons };
    let look = Look {
        by: &by,
        action: Action::WriteStay,
        purpose: Purpose::Care,
        decision: ALLOWED,
        about,
        detail: "",
        count: 1,
        request: "",
        at: at(0),
    };
    let mut tx = house.store.begin(&house.community).await.unwrap();
    house.audit.record_in(&mut tx, &look).await.unwrap();
    drop(tx);
    let mut tx = house.store.begin(&house.community).await.unwrap();
    assert_eq!(house.audit.record_in(&mut tx, &look).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(house.audit.verify().await.unwrap().rows, 1);
}
