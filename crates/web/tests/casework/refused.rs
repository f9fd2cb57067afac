//! Who may not write is told that there is no such thing.

use samspill_service::access::Role;

use crate::{
    desk::Region,
    support::{Side, TestApp},
};

#[tokio::test]
async fn another_partys_stay_and_a_stay_that_isnt_there_look_alike() {
    let t = TestApp::new().await;
    let (theirs, nowhere) = (t.case_of(Side::First), t.no_case());
    let stranger = t.user(Role::CaseOffice, Side::Second);
    for path in ["skriv", "skriv/svar-utskrivningsklar", "svar", "endre/1"] {
        let answers = [
            stranger.get(&format!("/opphold/{theirs}/{path}")).await,
            stranger.get(&format!("/opphold/{nowhere}/{path}")).await,
        ];
        assert_eq!(answers.each_ref().map(|it| it.status), [404, 404], "{path}");
        let bodies = answers.map(|it| it.text().replace(&theirs, "").replace(&nowhere, ""));
        assert_eq!(bodies[0], bodies[1], "{path}");
    }
}

#[tokio::test]
async fn roles_that_dont_write_and_kinds_of_the_other_side_arent_there() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    for role in [Role::HospitalAccounts, Role::Administrator, Role::Auditor, Role::Secretary] {
        let paths = [format!("/opphold/{case}/skriv"), "/opphold/ny".to_owned(), "/innboks".to_owned()];
        for path in paths {
            // Messages that are nobody's are administrators' to see to, and nothing else is in their inbox.
            if role == Role::Administrator && path == "/innboks" {
                continue;
            }
            assert_eq!(region.t.get_as(role, &path).await.status, 404, "{role:?} {path}");
        }
    }
    for (user, kind) in [
        (&region.hospital, "innleggelsesrapport"),
        (&region.hospital, "kansellering"),
        (&region.hospital, "finnes-ikke"),
        (&region.municipality, "utskrivningsklar"),
    ] {
        let path = format!("/opphold/{case}/skriv/{kind}");
        assert_eq!(user.get(&path).await.status, 404, "{kind}");
        assert_eq!(user.post_form(&path, &[("id", "x"), ("gjor", "send")]).await.status, 404, "{kind}");
    }
    assert_eq!(region.municipality.get("/opphold/ny").await.status, 404, "stays begin at hospitals");
    let ward = region.t.user(Role::Ward, Side::Trust);
    let other = region.t.world().region.trust.wards[1].name.clone();
    let form = ward.get("/opphold/ny").await;
    assert!(!form.text().contains(&other), "of a ward's own alone");
}

#[tokio::test]
async fn a_form_from_elsewhere_is_not_taken() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let before = region.log(&case).await;
    let path = format!("/opphold/{case}/skriv/tidligmelding");
    let body = b"id=9f1d6c1e-0000-4000-8000-000000000009&gjor=send&f_status=x".to_vec();
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://elsewhere.test")];
    let answer = region.hospital.request(axum::http::Method::POST, &path, &headers, body).await;
    assert_eq!(answer.status, 403);
    assert_eq!(region.log(&case).await.entries, before.entries);
}
