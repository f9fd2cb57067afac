//! A partner's registered downtime is said beside the duties that run in it, wherever duties are listed.

use samspill_service::access::Role;

use crate::{
    desk::Region,
    support::{Side, User},
};

const FROM: &str = "2026-03-09T09:30";

async fn register(user: &User, until: &str) {
    let fields = [("slag", "uplanlagt"), ("hvorfor", "Brann i serverrom"), ("fra", FROM), ("til", until)];
    let answer = user.post_form("/admin/nedetid", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

/// What the tasks, the board and the API say of the hospital's duty to the municipality.
async fn said(region: &Region, case: &str) -> [bool; 3] {
    let words = format!("registrert nedetid hos {}", region.t.first);
    let tasks = region.hospital.get("/oppgaver").await.text();
    let board = region.hospital.get("/tavle").await.text();
    let duties = region.hospital.get_json(&format!("/api/v1/duties?case={case}")).await.json();
    let items = duties["items"].as_array().expect("a page has items");
    let is_down = |duty: &serde_json::Value| {
        duty["downtime"]["party"] == *region.t.first && duty["downtime"]["bearing"] == "due-within"
    };
    [tasks.contains(&words), board.contains(&words), items.iter().any(is_down)]
}

#[tokio::test]
async fn a_duty_whose_limit_falls_in_the_receivers_downtime_says_so_until_the_downtime_turns_out_shorter() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.t.clock.set(crate::desk::at("2026-03-09T10:00"));
    assert_eq!(said(&region, &case).await, [false; 3]);
    let other = region.t.user(Role::CaseOffice, Side::Second);
    register(&other, "2026-03-20T12:00").await;
    assert_eq!(
        said(&region, &case).await,
        [false; 3],
        "it is no business of one who has no part in the stay"
    );
    register(&region.municipality, "2026-03-20T12:00").await;
    assert_eq!(said(&region, &case).await, [true; 3]);
    let page = region.municipality.get("/admin/nedetid").await.text();
    let place = page.split("action=\"/admin/nedetid/").nth(1).unwrap().split('"').next().unwrap();
    let ended =
        region.municipality.post_form(&format!("/admin/nedetid/{place}"), &[("hva", "trukket")]).await;
    assert_eq!(ended.status, 303, "{}", ended.text());
    assert_eq!(said(&region, &case).await, [false; 3], "it is withdrawn");
}
