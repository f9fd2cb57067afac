use samspill_service::access::Role;

use crate::support::{Side, TestApp};

#[tokio::test]
async fn places_are_those_of_the_role() {
    let test = TestApp::new().await;
    let has = async |role, place: &str| {
        test.get_as(role, "/").await.text().contains(&format!("<a href=\"{place}\""))
    };
    assert!(has(Role::Ward, "/tavle").await && !has(Role::Ward, "/admin").await);
    assert!(has(Role::Administrator, "/admin").await && !has(Role::Administrator, "/tavle").await);
    assert!(
        has(Role::Auditor, "/admin").await && has(Role::Coordination, "/admin").await,
        "logs and reviews"
    );
    assert!(has(Role::Member, "/avtaler").await && !has(Role::Member, "/innboks").await);
}

#[tokio::test]
async fn a_chosen_look_is_kept_and_leads_back() {
    let test = TestApp::new().await;
    let user = test.user(Role::Ward, Side::Trust);
    let fields = [("tema", "mork"), ("sprak", "en"), ("tilbake", "/tavle?fase=x")];
    let answer = user.post_form("/visning", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/tavle?fase=x"));
    assert!(user.get("/").await.text().contains("data-color-scheme=\"dark\""));
}

#[tokio::test]
async fn the_way_back_never_leads_to_another_site() {
    let test = TestApp::new().await;
    let user = test.user(Role::Ward, Side::Trust);
    for away in [
        "https://example.org",
        "//example.org",
        "/\\example.org",
        "javascript:alert(1)",
        "/a\r\nb: c",
        "/\t/example.org",
    ] {
        let answer = user.post_form("/visning", &[("tema", "lys"), ("tilbake", away)]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{away}");
    }
}

#[tokio::test]
async fn styles_and_scripts_are_kept_for_long_and_pages_not_at_all() {
    let test = TestApp::new().await;
    let page = test.get_as(Role::Ward, "/tavle").await;
    assert!(page.header("cache-control").contains("no-store"));
    let style = samspill_web::pages::asset("samspill.css").expect("our own styles");
    assert!(page.text().contains(&style));
    let file = test.anonymous().get(&style).await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(file.header("cache-control").contains("immutable"));
    assert_eq!(test.anonymous().get("/statisk/0/ingen.css").await.status, 404);
}
