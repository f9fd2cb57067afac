//! For how long after a stay was settled, and until when what somebody took on themselves.

use jiff::SignedDuration;
use samspill_agreement::model::Language;
use samspill_service::access::{
    Action, Decision, Involvement, Policy, Protection, Purpose, Resource, Role, Rule, SelfGrant, Shown,
    decide, explain,
};

use crate::support::{grant, now, of_party, of_unit, paid, stay, subject};

/// Days after a settled stay's latest entry: what is shipped.
#[test]
fn a_settled_stay_is_seen_up_to_and_including_the_last_instant() {
    let rows = [
        (Role::Ward, 90),
        (Role::Physician, 365),
        (Role::Coordination, 1095),
        (Role::HospitalAccounts, 1825),
        (Role::CaseOffice, 1095),
        (Role::CareUnit, 90),
        (Role::MunicipalAccounts, 1825),
        (Role::Gp, 365),
    ];
    for (role, days) in rows {
        let limit = SignedDuration::from_hours(24 * days);
        let tick = SignedDuration::from_nanos(1);
        let asked = |ago: SignedDuration, is_open| {
            let mut stay = of_unit("1");
            stay.payers = paid("1").payers;
            let stay = Involvement { is_open, last: now() - ago, ..stay };
            decide(
                &subject(role),
                Policy::shipped().usual_purpose(role),
                Action::ListStay,
                Resource::Stay(&stay),
                now(),
            )
        };
        assert!(asked(limit - tick, false).is_allowed, "{role:?}");
        assert!(asked(limit, false).is_allowed, "{role:?}");
        assert_eq!(
            asked(limit + tick, false),
            Decision { is_allowed: false, rule: Rule::TooLongAgo },
            "{role:?}"
        );
        assert!(asked(limit + tick, true).is_allowed, "{role:?}: while it is open, there is no limit");
    }
}

#[test]
fn another_table_has_other_limits() {
    let text = include_str!("../../data/access.toml").replace("days_after = 90", "days_after = 0");
    let policy = Policy::read(&text).unwrap();
    let settled = Involvement { is_open: false, last: now() - SignedDuration::from_secs(1), ..of_unit("1") };
    let asked = |policy: &Policy| {
        policy.decide(&subject(Role::Ward), Purpose::Care, Action::ReadStay, Resource::Stay(&settled), now())
    };
    assert_eq!((asked(&policy).is_allowed, asked(&Policy::shipped()).is_allowed), (false, true));
}

#[test]
fn what_somebody_took_on_themselves_ends_after_its_last_instant_and_holds_for_that_stay_alone() {
    let tick = SignedDuration::from_nanos(1);
    let asked = |grant: SelfGrant, stay: &Involvement| {
        let mut who = subject(Role::Ward);
        who.grants.push(grant);
        decide(&who, Purpose::Care, Action::ReadStay, Resource::Stay(stay), now())
    };
    let until = |until| SelfGrant { until, ..grant("1") };
    assert_eq!(asked(until(now()), &of_party("1")), Decision { is_allowed: true, rule: Rule::TookIt });
    assert!(!asked(until(now() - tick), &of_party("1")).is_allowed);
    assert!(!asked(until(now() + tick), &of_party("2")).is_allowed);
    assert!(!asked(grant("1"), &stay("1")).is_allowed, "the own party must take part");
}

#[test]
fn a_stay_of_the_own_party_can_be_taken_however_old_it_is_and_anothers_never() {
    let old = Involvement { is_open: false, last: "2001-01-01T00:00:00Z".parse().unwrap(), ..of_party("1") };
    let asked = |stay: &Involvement| {
        decide(&subject(Role::Physician), Purpose::Care, Action::GrantSelf, Resource::Stay(stay), now())
    };
    assert_eq!([asked(&old), asked(&stay("1"))].map(|decision| decision.is_allowed), [true, false]);
}

#[test]
fn who_is_protected_is_named_to_the_own_unit_alone() {
    let shown = |stay: &Involvement, protection| {
        let stay = Involvement { protection, ..stay.clone() };
        let mut who = subject(Role::Ward);
        who.grants.push(grant("1"));
        let Shown { name, address } = Policy::shipped().shown(&who, &stay);
        [name, address]
    };
    let (unit, party) = (of_unit("1"), of_party("1"));
    assert_eq!([shown(&unit, Protection::None), shown(&party, Protection::None)], [[true, true]; 2]);
    assert_eq!(
        [shown(&unit, Protection::Address), shown(&party, Protection::Address)],
        [[true, true], [true, false]]
    );
    assert_eq!(
        [shown(&unit, Protection::Identity), shown(&party, Protection::Identity)],
        [[true, true], [false, false]]
    );
}

#[test]
fn a_decision_is_a_sentence_in_each_language() {
    let no = Decision { is_allowed: false, rule: Rule::NoPart };
    let yes = Decision { is_allowed: true, rule: Rule::TookIt };
    assert_eq!(explain(no, Language::Bokmal), "Ikke tillatt: parten din har ingen del i det.");
    assert_eq!(
        explain(yes, Language::Nynorsk),
        "Tillate: du har sjølv teke deg tilgang, med ei grunngiving."
    );
    for rule in Rule::ALL {
        let english = explain(Decision { is_allowed: true, rule }, Language::English);
        assert!(english.starts_with("Allowed: ") && english.ends_with('.'), "{english}");
    }
}
