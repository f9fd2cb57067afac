//! The region that tests are made over.

use samspill_service::access::{Action, Role};

use crate::support::{Side, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn the_month_has_stays_of_all_sorts() {
    let t = TestApp::new().await;
    let stays = t.app.live().stays();
    assert!(stays.len() > 10, "{}", stays.len());
    for side in [Side::First, Side::Second] {
        let case = t.case_of(side);
        let user = t.user(Role::CaseOffice, side);
        let opened = t.app.stay(user.signed.as_ref().unwrap(), &case, Action::ReadStay).await.unwrap();
        assert!(!opened.entries.is_empty() && opened.line.is_some());
        assert_ne!(t.closed_case(side).await, case);
    }
    let shared = t.app.live().stay(&t.shared_case()).unwrap();
    let parties = [&t.trust, &t.first, &t.second].map(String::as_str);
    assert!(parties.iter().all(|party| shared.involvement.has(party)), "{shared:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_worded_for_people_and_for_programs() {
    let t = TestApp::new().await;
    let page = t.get_as(Role::Ward, "/finnes-ikke").await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    let problem = t.get_as(Role::Ward, "/api/v1/finnes-ikke").await;
    assert_eq!((problem.status, problem.header("content-type")), (404, "application/problem+json"));
    assert_eq!(problem.json()["status"], 404);
}
