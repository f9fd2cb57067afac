//! What is written is found again: on the stay once, by links, and with what was just done.

use crate::{
    desk::{Region, hidden},
    way::EARLY,
};

#[tokio::test]
async fn a_stay_shows_a_message_once_though_its_receipt_made_it_be_written_anew() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    let log = region.log(&case).await;
    let written = log.entries.iter().filter(|entry| entry.kind == "tidligmelding").count();
    assert!(written > 1 && log.entries.iter().any(|entry| entry.kind == "kansellering"), "{log:?}");
    for (user, wrote) in [(&region.hospital, true), (&region.municipality, false)] {
        let page = user.get(&format!("/opphold/{case}")).await.text();
        assert!(!page.contains("Kansellering av en melding"), "nor is it something to write: {page}");
        let steps = page.split("<ol class=\"s-steps\">").nth(1).unwrap().split("</ol>").next().unwrap();
        assert_eq!(steps.matches("<strong>Tidligmelding</strong>").count(), 1, "{steps}");
        let step = steps.split("<strong>Tidligmelding</strong>").nth(1).unwrap();
        let step = step.split("</li>").next().unwrap();
        assert!(step.contains("href=\"/melding/"), "{step}");
        assert_eq!(step.contains("/endre/"), wrote, "whose it is: {step}");
    }
}

#[tokio::test]
async fn what_was_cancelled_by_a_person_still_stands_in_the_stay() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    let log = region.log(&case).await;
    let position = log.entries.iter().rfind(|entry| entry.kind == "tidligmelding").unwrap().position.0;
    let path = format!("/opphold/{case}/endre/{position}");
    let id = hidden(&region.hospital.get(&path).await, "id");
    let done = region.hospital.post_form(&path, &[("id", &id)]).await;
    let told = region.hospital.get(done.header("location")).await.text();
    assert!(told.contains("Det er kansellert."), "{told}");
    region.deliver().await;
    let page = region.hospital.get(&format!("/opphold/{case}")).await.text();
    let step = page.split("<strong>Tidligmelding</strong>").nth(1).unwrap();
    assert!(
        step.starts_with(" <span") && step.split("</p>").next().unwrap().contains("Brukes ikke"),
        "{page}"
    );
}

#[tokio::test]
async fn a_hospital_begins_stays_from_its_board_and_a_municipality_does_not() {
    let region = Region::new("2026-03-09T09:00").await;
    let link = "href=\"/opphold/ny\"";
    assert!(region.hospital.get("/tavle").await.text().contains(link));
    assert!(
        !region.hospital.get("/tavle?visning=vegg").await.text().contains(link),
        "nobody stands there to write"
    );
    assert!(!region.municipality.get("/tavle").await.text().contains(link));
}
