//! A message that was sent and didn't get through is shown where people work, until it is seen to.

use samspill_store::{Direction, MessageFilter, MessageNumber, OutboxState};

use crate::{
    desk::{Region, hidden},
    support::User,
    way::EARLY,
};

/// What a part of a page says: from a sign of it to its end.
fn part<'p>(page: &'p str, begin: &str, end: &str) -> &'p str {
    let Some((_, rest)) = page.split_once(begin) else { return "" };
    rest.split_once(end).map_or(rest, |(part, _)| part)
}

/// Whether the start page, the board's row and the header tell of a message that didn't get through.
async fn told(user: &User, case: &str) -> [bool; 3] {
    let start = user.get("/").await.text();
    let card = part(&start, "href=\"/innboks#ikke-levert\"><span class=\"s-card-number\">", "<");
    let board = user.get("/tavle").await.text();
    let row = part(&board, &format!("href=\"/opphold/{case}\""), "</tr>");
    [card == "1", row.contains("1 kom ikke fram"), start.contains("s-astray")]
}

impl Region {
    /// A message that nothing could hand over, and its number.
    async fn given_up(&self, case: &str) -> u64 {
        let path = format!("/opphold/{case}/skriv/helseopplysninger");
        let form = self.hospital.get(&path).await;
        let fields = [("id", &*hidden(&form, "id")), ("seen", "99999"), ("gjor", "send")];
        assert_eq!(self.hospital.post_form(&path, &fields).await.status, 303);
        let parts = self.t.app.parts();
        let waiting = Some(OutboxState::Waiting);
        for parcel in parts.store.outbox(&parts.community, waiting, "", 1_000).await.unwrap() {
            let mut tx = parts.store.begin(&parts.community).await.unwrap();
            tx.outgoing_dead(&parcel.id, self.t.now(), "no-queue", "Ingen slik kø.").await.unwrap();
            tx.commit().await.unwrap();
        }
        self.later(1);
        let filter = MessageFilter { direction: Some(Direction::Out), ..MessageFilter::default() };
        let all = parts.store.messages(&parts.community, &filter, MessageNumber(0), 1_000).await.unwrap();
        all.iter().rfind(|line| line.kind == "HELSEOPPL_SOKNAD").unwrap().number.0
    }

    fn later(&self, minutes: i64) {
        self.t.clock.set(self.t.now() + jiff::SignedDuration::from_mins(minutes));
    }
}

#[tokio::test]
async fn a_message_that_was_given_up_is_told_of_everywhere_until_somebody_has_seen_to_it() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    let number = region.given_up(&case).await;
    assert_eq!(told(&region.hospital, &case).await, [true; 3]);
    let stay = region.hospital.get(&format!("/opphold/{case}")).await.text();
    let panel = part(&stay, &format!("<li id=\"ikke-framme-{number}\">"), "</li>");
    assert!(panel.contains("gitt opp") && panel.contains("Ingen slik kø."), "{stay}");
    assert!(panel.contains(&format!("href=\"/opphold/{case}/skriv/helseopplysninger\"")), "{panel}");
    assert!(stay.contains(&format!("href=\"#ikke-framme-{number}\"")), "its step leads there: {stay}");
    assert!(stay.contains("s-mark-lost"), "the drawing shows it");
    // Who it was for is told of nothing: it isn't theirs to follow up.
    assert_eq!(told(&region.municipality, &case).await, [false; 3]);
    let seen_to = format!("/melding/{number}/fulgt-opp");
    assert_eq!(region.municipality.post_form(&seen_to, &[]).await.status, 404);
    assert_eq!(told(&region.hospital, &case).await, [true; 3]);
    for _ in 0..2 {
        let done = region.hospital.post_form(&seen_to, &[("hva", "Ringt mottaket.")]).await;
        assert_eq!(done.header("location"), format!("/opphold/{case}?gjort=fulgt-opp"));
    }
    assert_eq!(told(&region.hospital, &case).await, [false; 3]);
    let stay = region.hospital.get(&format!("/opphold/{case}")).await.text();
    assert!(!stay.contains("ikke-framme"), "{stay}");
    assert!(!region.hospital.get("/innboks").await.text().contains("Gitt opp"));
}

#[tokio::test]
async fn a_receipt_that_does_not_come_is_told_of_after_its_limit_and_one_that_comes_late_ends_it() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.t.clock.set(crate::desk::at("2026-03-09T12:00"));
    let path = format!("/opphold/{case}/skriv/tidligmelding");
    let form = region.hospital.get(&path).await;
    let fields = [("id", &*hidden(&form, "id")), ("seen", "99999"), ("gjor", "send")];
    assert_eq!(region.hospital.post_form(&path, &[&fields[..], EARLY].concat()).await.status, 303);
    assert_eq!(told(&region.hospital, &case).await, [false; 3], "it is on its way");
    region.later(60 * 24 * 8);
    assert_eq!(told(&region.hospital, &case).await, [true; 3], "no receipt in time");
    let stay = region.hospital.get(&format!("/opphold/{case}")).await.text();
    assert!(stay.contains("Ingen kvittering innen fristen"), "{stay}");
    region.deliver().await;
    region.later(1);
    assert_eq!(told(&region.hospital, &case).await, [false; 3], "the receipt came late");
}

#[tokio::test]
async fn the_header_counts_what_nobody_read_and_a_stay_that_is_read_counts_no_more() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    let count = async || {
        let page = region.municipality.get("/oppgaver").await.text();
        let words = part(&page, "s-unread\" href=\"/innboks#nytt\">", "</a>").to_owned();
        words.split("<span>").nth(1).and_then(|text| text.split(' ').next()?.parse::<usize>().ok())
    };
    let before = count().await.expect("something is unread");
    region.municipality.get(&format!("/opphold/{case}")).await;
    assert_eq!(count().await.unwrap_or_default(), before - 1);
}
