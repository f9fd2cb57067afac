use samspill_service::{
    access::{Decision, Purpose, Role, Rule, Subject},
    audit::{GrantError, GrantSettings, Granted, Reviewer, Verdict},
    people::SystemRandom,
};
use samspill_store::AccessFilter;

use crate::support::{House, PASSWORD, at, key};

async fn take(house: &House, by: &Subject, reason: &str, second: i64) -> Result<Granted, GrantError> {
    house.audit.grant_self(by, "opphold-1", reason, &GrantSettings::default(), "r-1", at(second)).await
}

async fn subject(house: &House, login: &str) -> (String, Subject) {
    let begun = house.accounts.log_in(login, PASSWORD, &SystemRandom, at(0)).await.unwrap();
    (begun.token, begun.session.subject.unwrap())
}

#[tokio::test]
async fn access_taken_on_oneself_runs_for_eight_hours_in_the_same_role_and_stands_in_the_log() {
    let house = House::new().await;
    house.person("kari", &[(Role::Physician, "UNN", None)]).await;
    let (token, kari) = subject(&house, "kari").await;
    let granted = take(&house, &kari, "Akutt innleggelse i natt", 0).await.unwrap();
    assert_eq!((granted.number, granted.until), (1, at(8 * 3600)));
    let grants = async |second| {
        house.accounts.session(&token, at(second)).await.unwrap().unwrap().subject.unwrap().grants
    };
    assert_eq!(grants(60).await.iter().map(|grant| grant.case.as_str()).collect::<Vec<_>>(), ["opphold-1"]);
    assert_eq!(house.audit.running_grants(&kari.account, at(8 * 3600)).await.unwrap().len(), 1);
    assert_eq!(house.audit.running_grants(&kari.account, at(8 * 3600 + 1)).await.unwrap().len(), 0);
    let rows = house.store.accesses(&house.community, &AccessFilter::default(), None, 9).await.unwrap();
    let row = &rows[0].access;
    assert_eq!(
        (row.action.as_str(), row.rule.as_str(), row.case.as_deref()),
        ("ta-tilgang", "tatt-selv", Some("opphold-1"))
    );
    assert!(!row.detail.contains("innleggelse"), "the reason stands with the grant alone");
}

#[tokio::test]
async fn what_was_taken_in_one_role_is_not_there_in_another() {
    let house = House::new().await;
    house.person("kari", &[(Role::Physician, "UNN", None), (Role::Auditor, "UNN", None)]).await;
    let begun = house.accounts.log_in("kari", PASSWORD, &SystemRandom, at(0)).await.unwrap();
    let physician = house
        .accounts
        .choose_role(&begun.token, &key(Role::Physician, "UNN"), &SystemRandom, at(0))
        .await
        .unwrap()
        .unwrap();
    take(&house, physician.session.subject.as_ref().unwrap(), "Akutt innleggelse", 1).await.unwrap();
    let auditor = house
        .accounts
        .choose_role(&physician.token, &key(Role::Auditor, "UNN"), &SystemRandom, at(2))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(auditor.session.subject.unwrap().grants, []);
}

#[tokio::test]
async fn a_reason_has_ten_characters_at_least() {
    let house = House::new().await;
    house.person("kari", &[(Role::Physician, "UNN", None)]).await;
    let (_, kari) = subject(&house, "kari").await;
    for (reason, fits) in [("123456789", false), ("  12345678  ", false), ("ti tegn øø", true)] {
        assert_eq!(take(&house, &kari, reason, 0).await.is_ok(), fits, "{reason}");
    }
    assert!(take(&house, &kari, &"ø".repeat(2000), 0).await.is_ok());
    let long = take(&house, &kari, &"ø".repeat(2001), 0).await.unwrap_err();
    assert!(matches!(long, GrantError::Reason { length: 2001, min: 10, max: 2000 }));
}

#[tokio::test]
async fn it_is_reviewed_once_and_by_somebody_else() {
    let house = House::new().await;
    house.person("kari", &[(Role::Physician, "UNN", None)]).await;
    house.person("per", &[(Role::Auditor, "UNN", None)]).await;
    let ((_, kari), (_, per)) = (subject(&house, "kari").await, subject(&house, "per").await);
    let number = take(&house, &kari, "Akutt innleggelse", 0).await.unwrap().number;
    assert_eq!(house.audit.unreviewed(Some("UNN"), 9).await.unwrap().len(), 1);
    assert_eq!(house.audit.unreviewed(Some("Fjordvik"), 9).await.unwrap().len(), 0);
    let review = async |number, by| {
        let decision = Decision { is_allowed: true, rule: Rule::OwnParty };
        let by = Reviewer { by, purpose: Purpose::Quality, decision, request: "r-2" };
        house.audit.review(number, &by, Verdict::ToBeFollowedUp, " spør ", at(10)).await
    };
    assert!(matches!(review(number, &kari).await, Err(GrantError::Own(1))));
    assert!(matches!(review(9, &per).await, Err(GrantError::NotThere(9))));
    review(number, &per).await.unwrap();
    assert!(matches!(review(number, &per).await, Err(GrantError::Reviewed(1))));
    let kept = house.audit.grants(0, 9).await.unwrap();
    let said = kept[0].review.as_ref().unwrap();
    assert_eq!(
        (said.by.as_str(), said.remark.as_str(), Verdict::called(&said.verdict)),
        ("Navn per", "spør", Some(Verdict::ToBeFollowedUp))
    );
    assert_eq!(house.audit.unreviewed(None, 9).await.unwrap().len(), 0);
    let rows = house.audit.of_case("opphold-1", 9).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| row.access.action.as_str()).collect::<Vec<_>>(),
        ["etterse-tilgang", "ta-tilgang"]
    );
    let row = &rows[0].access;
    assert_eq!(
        (row.request.as_str(), row.rule.as_str(), row.purpose.as_str()),
        ("r-2", "egen-part", "kvalitet"),
        "as it was decided"
    );
}
