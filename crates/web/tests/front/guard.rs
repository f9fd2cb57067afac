//! Every look is decided and written down.

use samspill_service::access::{
    Action, Decision, Involvement, Means, Purpose, Resource, Role, Rule, SelfGrant,
};
use samspill_service::audit::{Audit, KeyRing, PersonRegister};
use samspill_web::{
    Refused,
    front::{AccessLog, LookedAt},
};

use crate::{
    own::at_own,
    support::{Side, TestApp},
};

const ALL: [Side; 4] = [Side::Trust, Side::First, Side::Second, Side::Gp];

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_that_is_opened_is_written_down_before_it_is_shown() {
    let t = TestApp::new().await;
    let case = t.case_of(Side::First);
    let user = t.user(Role::CaseOffice, Side::First);
    t.app.stay(user.signed.as_ref().unwrap(), &case, Action::ReadStay).await.unwrap();
    let [row]: [_; 1] = t.access.rows().try_into().unwrap();
    let persons = t.app.live().stay(&case).unwrap().persons.iter().cloned().collect();
    assert_eq!(row.about, LookedAt::Stay { case, persons });
    assert_eq!((row.action, row.purpose), (Action::ReadStay, Purpose::Care));
    assert_eq!(row.decision, Decision { is_allowed: true, rule: Rule::TakesPart });
    assert_eq!((row.by.account.as_str(), row.at, row.count), ("tildelingskontor-first", t.now(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_one_row_with_its_length() {
    let t = TestApp::new().await;
    let user = t.user(Role::Coordination, Side::Trust);
    t.app.listed(user.signed.as_ref().unwrap(), Action::ListStay, "tavle", 117).await.unwrap();
    let [row]: [_; 1] = t.access.rows().try_into().unwrap();
    assert_eq!((row.about, row.detail.as_str(), row.count), (LookedAt::List, "tavle", 117));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_written_down_like_asking_for_what_is_not_there() {
    let t = TestApp::new().await;
    let signed = t.user(Role::CaseOffice, Side::Second).signed.unwrap();
    let (others, nowhere) = (t.case_of(Side::First), t.no_case());
    let refused = t.app.stay(&signed, &others, Action::ReadStay).await.unwrap_err();
    assert!(matches!(refused, Refused::NotAllowed(Rule::NoPart)), "{refused:?}");
    let refused = t.app.stay(&signed, &nowhere, Action::ReadStay).await.unwrap_err();
    assert!(matches!(refused, Refused::NotThere), "{refused:?}");
    let decisions: Vec<Decision> = t.access.rows().into_iter().map(|row| row.decision).collect();
    assert_eq!(decisions, [Decision { is_allowed: false, rule: Rule::NoPart }; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_no_stay_can_have_is_not_there() {
    let t = TestApp::new().await;
    let signed = t.user(Role::CaseOffice, Side::Second).signed.unwrap();
    for name in [String::new(), "\0".to_owned(), "x\0y".to_owned(), "x".repeat(1001)] {
        let refused = t.app.stay(&signed, &name, Action::ReadStay).await.unwrap_err();
        assert!(matches!(refused, Refused::NotThere), "{} bytes: {refused:?}", name.len());
    }
    let longest = t.app.stay(&signed, &"x".repeat(1000), Action::ReadStay).await.unwrap_err();
    assert!(matches!(longest, Refused::NotThere), "{longest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn agreements_and_figures_are_not_written_down_and_oversight_is() {
    let t = TestApp::new().await;
    let signed = t.user(Role::Auditor, Side::Trust).signed.unwrap();
    let may = async |action, resource: Resource<'_>| {
        t.app.may_in(&signed, Purpose::Oversight, action, resource).await.is_ok()
    };
    assert!(may(Action::ReadAgreements, Resource::Community).await);
    assert!(may(Action::ReadFigures, Resource::Party(&t.trust)).await);
    assert!(t.access.rows().is_empty());
    assert!(may(Action::ReadAccessLog, Resource::Party(&t.trust)).await);
    assert!(!may(Action::ReadAccessLog, Resource::Party(&t.first)).await);
    let rows = t.access.rows();
    assert_eq!(rows.iter().map(|row| row.decision.is_allowed).collect::<Vec<_>>(), [true, false]);
    assert_eq!(rows[0].about, LookedAt::Party(t.trust.clone()));
}

/// What a stay shows is what a list shows, for everybody and cases from all of the log.
#[tokio::test(flavor = "multi_thread")]
async fn each_opens_what_the_policy_lists_and_nothing_else() {
    let t = TestApp::new().await;
    let mut stays = Vec::new();
    for case in t.app.parts().store.cases(&t.app.parts().community, "", 10_000).await.unwrap() {
        stays.push(t.app.live().involvement_of(&case, t.now()).await.unwrap().unwrap());
    }
    assert!(stays.len() > 50);
    for side in ALL {
        for role in Role::ALL {
            let signed = t.user(role, side).signed.unwrap();
            let sees = |stay: &Involvement| signed.sees(stay, Action::ReadStay, t.now());
            for stay in stays.iter().step_by(9) {
                let opened = t.app.stay(&signed, &stay.case, Action::ReadStay).await;
                assert_eq!(opened.is_ok(), sees(stay), "{role:?} {side:?} {}", stay.case);
            }
            let reads =
                [Role::Ward, Role::Physician, Role::Coordination, Role::CaseOffice, Role::CareUnit, Role::Gp];
            let count = stays.iter().filter(|stay| sees(stay)).count();
            assert_eq!(count > 0, reads.contains(&role), "{role:?} {side:?}");
            assert!(count < stays.len() || side == Side::Trust, "{role:?} {side:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_several_municipalities_each_sees_what_it_is_a_party_to() {
    let t = TestApp::new().await;
    let said = async |role, side| {
        let signed = t.user(role, side).signed.unwrap();
        let opened = t.app.stay(&signed, &t.shared_case(), Action::ReadStay).await.unwrap();
        let triggers: Vec<u64> = opened.rows.duties.iter().map(|duty| duty.trigger.position).collect();
        let shown: Vec<u64> = opened.entries.iter().map(|entry| entry.position.0).collect();
        assert!(triggers.iter().all(|position| shown.contains(position)), "{role:?} {side:?}");
        format!("{:?}", opened.entries)
    };
    let marks = ["den første kommunen", "den andre kommunen", "fastlegen"];
    for (role, side, expected) in [
        (Role::Coordination, Side::Trust, [true, true, true]),
        (Role::CaseOffice, Side::First, [true, false, false]),
        (Role::CaseOffice, Side::Second, [false, true, false]),
        (Role::Gp, Side::Gp, [false, false, true]),
    ] {
        let said = said(role, side).await;
        assert_eq!(marks.map(|mark| said.contains(mark)), expected, "{role:?} {side:?}");
        assert!(said.contains("innlagt"), "events are for all");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_see_days_and_nothing_clinical() {
    let t = TestApp::new().await;
    let signed = t.user(Role::HospitalAccounts, Side::Trust).signed.unwrap();
    let opened = t.app.stay(&signed, &t.case_of(Side::First), Action::ReadDays).await.unwrap();
    assert!(opened.entries.is_empty() && opened.rows.duties.is_empty() && opened.rows.findings.is_empty());
    let refused = t.app.stay(&signed, &t.case_of(Side::First), Action::ReadStay).await;
    assert!(matches!(refused, Err(Refused::NotAllowed(Rule::NotTheRole))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protected_patient_is_named_to_the_own_unit_alone() {
    let t = TestApp::new().await;
    let stay = t.app.live().stay(&t.protected_case()).unwrap();
    let named = |role, side| {
        let mut subject = t.subject(role, side);
        subject.grants.push(SelfGrant { case: stay.row.case.clone(), until: t.now() });
        t.app.shown(t.user_of(subject).signed.as_ref().unwrap(), &stay.involvement).name
    };
    assert!(named(Role::Ward, Side::Trust), "the ward that the patient lies in");
    let mut elsewhere = t.subject(Role::Ward, Side::Trust);
    elsewhere.units = [t.world().region.trust.wards[1].name.clone()].into();
    assert!(!t.app.shown(t.user_of(elsewhere).signed.as_ref().unwrap(), &stay.involvement).name);
    assert!(!named(Role::CaseOffice, Side::Second));
}

/// The bytes of a refusal don't tell whether there is anything to refuse.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_and_what_is_not_there_are_the_same_byte_for_byte() {
    let t = TestApp::new().await;
    for means in [Means::Person, Means::Machine] {
        let mut subject = t.subject(Role::CaseOffice, Side::Second);
        subject.means = means;
        let user = at_own(&t, &t.user_of(subject));
        let others = user.get(&format!("/opphold/{}", t.case_of(Side::First))).await;
        let nowhere = user.get(&format!("/opphold/{}", t.no_case())).await;
        let no_route = user.get("/ingen/vei").await;
        assert_eq!(others.status, 404);
        assert_eq!(others.body, nowhere.body);
        assert_eq!(others.body, no_route.body);
        let without_number = |answer: &crate::support::Answer| {
            let mut headers = answer.headers.clone();
            headers.remove("x-request-id");
            headers
        };
        assert_eq!(without_number(&others), without_number(&nowhere));
        let own = user.get(&format!("/opphold/{}", t.case_of(Side::Second))).await;
        assert_eq!(own.status, 200);
    }
}

/// What is written down stands in the access log of the community, under keys of persons.
#[tokio::test(flavor = "multi_thread")]
async fn looks_are_kept_in_the_access_log_of_the_store() {
    let t = TestApp::new().await;
    let case = t.case_of(Side::First);
    let user = t.user(Role::CaseOffice, Side::First);
    t.app.stay(user.signed.as_ref().unwrap(), &case, Action::ReadStay).await.unwrap();
    let parts = t.app.parts();
    let register = PersonRegister::new(parts.store.clone(), parts.community.clone(), KeyRing::for_demo());
    let audit = Audit::new(parts.store.clone(), parts.community.clone(), register.clone(), "node".to_owned());
    for row in t.access.rows() {
        AccessLog::record(&audit, &row).await.unwrap();
    }
    let [kept]: [_; 1] = audit.of_case(&case, 10).await.unwrap().try_into().unwrap();
    let kept = kept.access;
    let person = t.app.live().stay(&case).unwrap().persons.first().map(|id| register.key_of(id));
    assert_eq!(
        (kept.action.as_str(), kept.rule.as_str(), kept.kind.as_str()),
        ("lese-opphold", "tar-del", "opphold")
    );
    assert_eq!((kept.case, kept.person), (Some(case), person));
}
