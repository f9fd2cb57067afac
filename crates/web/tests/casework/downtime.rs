//! A partner's registered downtime is said beside the duties that run in it, wherever duties are listed.

use samspill_engine::DutyStatus;
use samspill_service::access::Role;

use crate::{
    desk::{Region, at, duty, hidden},
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
    region.t.clock.set(at("2026-03-09T10:00"));
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

/// The address by which something is entered after the downtime that was registered last.
async fn form_after(user: &User, case: &str, kind: &str) -> String {
    let choose = user.get(&format!("/opphold/{case}/skriv")).await.text();
    let after = choose.split("?etterpa=").nth(1).expect("downtime is offered").split('"').next().unwrap();
    let chosen = user.get(&format!("/opphold/{case}/skriv?etterpa={after}")).await.text();
    let form = format!("/opphold/{case}/skriv/{kind}?etterpa={after}");
    assert!(chosen.contains(&format!("href=\"{form}\"")), "{chosen}");
    form
}

/// Telling, as it was typed in.
fn telling<'a>(day: &'a str, time: &'a str, to: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("meldt_dag", day),
        ("meldt_tid", time),
        ("mate", "telefon"),
        ("meldt_til", to),
        ("hvorfor", "lå nede"),
    ]
}

/// A form for something told in the municipality's downtime, a day later.
struct After<'r> {
    user: &'r User,
    path: String,
    own: Vec<(&'static str, String)>,
}

impl<'r> After<'r> {
    async fn begun(region: &'r Region, case: &str, kind: &str) -> Self {
        region.t.clock.set(at("2026-03-09T09:40"));
        register(&region.municipality, "2026-03-09T15:00").await;
        region.t.clock.set(at("2026-03-10T12:00"));
        let path = form_after(&region.hospital, case, kind).await;
        let form = region.hospital.get(&path).await;
        assert!(form.text().contains("Føres etter: uplanlagt nedetid hos"), "{}", form.text());
        let own = ["id", "seen", "etterpa"].map(|name| (name, hidden(&form, name)));
        let path = path.split('?').next().unwrap().to_owned();
        Self { user: &region.hospital, path, own: own.into() }
    }

    async fn posted(&self, fields: &[(&str, &str)], done: &str) -> (u16, String) {
        let own = self.own.iter().map(|(name, value)| (*name, value.as_str()));
        let all: Vec<(&str, &str)> = own.chain(fields.iter().copied()).chain([("gjor", done)]).collect();
        let answer = self.user.post_form(&self.path, &all).await;
        (answer.status, answer.text())
    }

    fn downtime(&self) -> &str {
        &self.own[2].1
    }
}

#[tokio::test]
async fn what_was_told_by_telephone_in_downtime_is_entered_afterwards_with_its_true_time() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let form = After::begun(&region, &case, "melding-om-innlagt-pasient").await;
    let right = telling("2026-03-09", "10:15", "Kari Dal, tildelingskontoret");
    let (_, shown) = form.posted(&right, "vis").await;
    assert!(shown.contains("sendes ikke") && !shown.contains("utenfor nedetiden"), "{shown}");
    for _ in 0..2 {
        let (status, page) = form.posted(&right, "send").await;
        assert_eq!(status, 303, "{page}");
    }
    let log = region.log(&case).await;
    let told: Vec<_> = log.entries.iter().filter(|it| it.kind == "melding-om-innlagt-pasient").collect();
    let [told] = told.as_slice() else { panic!("once: {told:?}") };
    let then = at("2026-03-09T10:15");
    assert_eq!((told.happened, told.sent, told.received), (then, Some(then), Some(then)));
    assert_eq!(told.recorded, Some(at("2026-03-10T12:00")));
    let read = region.evaluation(&case, "2026-03-10T12:01").await;
    assert_eq!(duty(&read, "melding-om-innlagt-pasient"), [DutyStatus::Kept], "told in time");
    for user in [&region.hospital, &region.municipality] {
        let page = user.get(&format!("/opphold/{case}")).await.text();
        for part in ["ført tirsdag 10. mars 2026", "Brann i serverrom", "per telefon til Kari Dal"] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    let monitor = region.hospital.get("/meldinger").await.text();
    assert!(!monitor.contains(&form.own[0].1), "nothing was sent");
}

#[tokio::test]
async fn what_is_missing_or_cant_be_so_is_asked_for_and_nothing_is_registered() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let before = region.hospital.get(&format!("/opphold/{case}/skriv")).await.text();
    assert!(!before.contains("?etterpa="), "nothing is down");
    let form = After::begun(&region, &case, "melding-om-innlagt-pasient").await;
    for (wrong, told) in [
        (telling("", "", "Kari Dal"), "når det ble meldt"),
        (telling("2026-03-09", "kvart over", "Kari Dal"), "klokkeslett"),
        (telling("2026-03-09", "10:15", ""), "hvem det ble meldt til"),
        (telling("2026-03-12", "10:15", "Kari Dal"), "fram i tid"),
    ] {
        for done in ["vis", "send"] {
            let (status, page) = form.posted(&wrong, done).await;
            assert!(status == 200 && page.contains(told), "{told}: {page}");
            assert!(page.contains(form.downtime()), "the form is still of the downtime");
        }
    }
    let (_, outside) = form.posted(&telling("2026-03-09", "16:00", "Kari Dal"), "vis").await;
    assert!(outside.contains("utenfor nedetiden"), "{outside}");
    let log = region.log(&case).await;
    assert!(log.entries.iter().all(|entry| entry.kind != "melding-om-innlagt-pasient"));
}

#[tokio::test]
async fn an_event_of_downtime_is_entered_afterwards_and_nobody_was_told() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let form = After::begun(&region, &case, "samarbeidsmote").await;
    let (_, page) = form.posted(&[], "endre").await;
    assert!(!page.contains("meldt_til"), "nobody is told of what only happens");
    let (status, page) = form.posted(&[("dag", "2026-03-09"), ("tid", "11:00")], "send").await;
    assert_eq!(status, 303, "{page}");
    let page = region.hospital.get(&format!("/opphold/{case}")).await.text();
    assert!(page.contains("ikke meldt, bare skjedd"), "{page}");
}

#[tokio::test]
async fn downtime_that_was_withdrawn_meanwhile_is_told_of_and_what_was_typed_stays() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let form = After::begun(&region, &case, "tidligmelding").await;
    let place = format!("/admin/nedetid/{}", form.downtime());
    assert_eq!(region.municipality.post_form(&place, &[("hva", "trukket")]).await.status, 303);
    let (status, page) = form.posted(&telling("2026-03-09", "10:15", "Kari Dal"), "send").await;
    assert!(status == 200 && page.contains("trukket: meld den først"), "{page}");
    assert!(page.contains("Kari Dal"), "what was typed stays");
}
