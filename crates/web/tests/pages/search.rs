//! The search finds what the reader may know of, and tells nothing of the rest.

use samspill_service::access::{Role, SelfGrant};

use crate::support::{Side, TestApp, User};

async fn finds(user: &User, typed: &str, case: &str) -> bool {
    user.post_form("/sok", &[("q", typed)]).await.text().contains(&format!("/opphold/{case}\""))
}

/// Somebody of another ward who took access on themselves: they see the stay, and not who it is about.
fn of_another_ward(test: &TestApp, case: &str) -> User {
    let mut subject = test.subject(Role::Ward, Side::Trust);
    "ward-another".clone_into(&mut subject.account);
    subject.units = [test.world().region.trust.wards[1].name.clone()].into();
    let until = test.now() + jiff::SignedDuration::from_hours(1);
    subject.grants.push(SelfGrant { case: case.to_owned(), until });
    test.user_of(subject)
}

#[tokio::test]
async fn a_protected_patients_number_finds_nothing_whatever_stands_beside_it() {
    let test = TestApp::new().await;
    let case = test.protected_case();
    let line = test.app.live().stay(&case).expect("open");
    let number = line.persons.first().expect("somebody").clone();
    let beside = [
        number.clone(),
        number[..7].to_owned(),
        format!("innlagt {}", &number[..7]),
        format!("{} innlagt", &number[2..9]),
        format!("{case} {number}"),
    ];
    let (mut knows, mut knows_not) = (0, 0);
    let everybody = Role::ALL.map(|role| test.user(role, Side::of(role)));
    for user in everybody.iter().chain([&of_another_ward(&test, &case)]) {
        if user.get("/sok").await.status != 200 {
            continue;
        }
        let may = user.signed.as_ref().expect("somebody").shown(&line.involvement).name;
        for typed in &beside {
            let found = finds(user, typed, &case).await;
            assert!(may || !found, "{typed}");
            knows += usize::from(found);
        }
        knows_not += usize::from(!may && finds(user, &case, &case).await);
    }
    assert!(knows > 0 && knows_not > 0, "{knows} {knows_not}");
}

#[tokio::test]
async fn a_patient_is_found_by_name_however_many_others_have_it() {
    let test = TestApp::new().await;
    let case = test.case_of(Side::First);
    let line = test.app.live().stay(&case).expect("open");
    let register = &test.app.parts().people_register;
    let known = register.name_of(&line.persons[0]).await.expect("read").expect("known");
    let user = test.user(Role::Coordination, Side::Trust);
    assert!(finds(&user, &known.name(), &case).await);
    let stranger = test.user(Role::CaseOffice, Side::Second);
    assert!(!finds(&stranger, &known.name(), &case).await);
}

#[tokio::test]
async fn what_is_searched_for_stands_in_no_address() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let typed = "Nordvikprøve";
    for path in ["/sok", "/tavle"] {
        let answer = user.post_form(path, &[("q", typed)]).await;
        assert_eq!(answer.status, 200);
        let page = answer.text();
        let addresses = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        assert!(addresses.clone().count() > 3);
        assert!(addresses.into_iter().all(|it| !it.contains("Nordvik")), "{path}");
        assert!(!page.contains("action=\"/sok\" method=\"get\""), "{path}");
    }
    let back = user.get("/tavle?q=Nordvik&vis=over").await.text();
    assert!(back.contains("name=\"tilbake\" value=\"/tavle?vis=over\""), "{back}");
    assert!(!user.get("/sok?q=innlagt").await.text().contains("/opphold/"));
}

#[tokio::test]
async fn what_others_sent_each_other_is_found_by_its_ends_alone() {
    let test = TestApp::new().await;
    let case = test.shared_case();
    // Of all the stay's messages, only the one to the general practitioner is of this kind.
    let typed = format!("epikrise {case}");
    assert!(finds(&test.user(Role::Coordination, Side::Trust), &typed, &case).await);
    assert!(finds(&test.user(Role::Gp, Side::Gp), &typed, &case).await);
    for role in [Role::CaseOffice, Role::MunicipalAccounts] {
        let user = test.user(role, Side::First);
        assert!(!finds(&user, &typed, &case).await, "{role:?}");
    }
    assert!(finds(&test.user(Role::CaseOffice, Side::First), &case, &case).await);
}
