//! What the inbox asks of people is settled on the page of the message.

use samspill_service::{
    access::{Action, Role},
    exchange::{
        mailroom::Notes,
        meaning::{Choice, Question, QuestionKind},
    },
};
use samspill_store::{Direction, MessageNumber, NewMessage, Standing};

use crate::{
    desk::Region,
    support::{Side, User},
};

impl Region {
    /// A message asks something.
    async fn asks(&self, number: u64, what: QuestionKind, values: &[&str]) {
        let parts = self.t.app.parts();
        let kept = parts.store.message(&parts.community, MessageNumber(number)).await.unwrap().unwrap();
        let mut notes = Notes::read(&kept.notes);
        let choice = |value: &&str| Choice { value: (*value).to_owned(), reasons: Vec::new() };
        let choices = values.iter().map(choice).collect();
        notes.questions = vec![Question { message: kept.id, what, text: "Hva gjelder?".to_owned(), choices }];
        let mut tx = parts.store.begin(&parts.community).await.unwrap();
        let case = kept.case.as_deref();
        tx.stand(kept.number, Standing::Question, case, &notes.write()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A message comes that nobody takes in.
    async fn stray(&self, standing: Standing, to: &str) -> u64 {
        let parts = self.t.app.parts();
        let mut tx = parts.store.begin(&parts.community).await.unwrap();
        let message = NewMessage {
            direction: Direction::In,
            id: String::new(),
            kind: "LOG_INNLAGT".to_owned(),
            from: String::new(),
            to: to.to_owned(),
            case: None,
            about: None,
            made: None,
            at: self.t.now(),
            channel: "linje".to_owned(),
            parcel: format!("{standing:?}{to}"),
            bytes: b"<hemmelig".to_vec(),
            ties: [].into(),
        };
        let number = tx.keep_message(&message).await.unwrap();
        tx.stand(number, standing, None, &Notes::default().write()).await.unwrap();
        tx.commit().await.unwrap();
        number.0
    }

    async fn admitted(&self) -> (String, u64) {
        let case = self.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
        self.write(&self.hospital, &case, "melding-om-innlagt-pasient", "2026-03-09T09:05", &[]).await;
        (case, self.latest("LOG_INNLAGT", Direction::In).await)
    }
}

async fn posted(user: &User, number: u64, fields: &[(&str, &str)]) -> (u16, String) {
    let answer = user.post_form(&format!("/melding/{number}"), fields).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn every_kind_of_question_has_a_form_that_answers_it() {
    let region = Region::new("2026-03-09T09:00").await;
    let (_, number) = region.admitted().await;
    let twin = "66666666-79c4-4d16-98e0-ccb2c9be9a88";
    region.sent_elsewhere(number, twin).await;
    region.deliver().await;
    let own = number.to_string();
    let cases: [(QuestionKind, &[&str], &str); 7] = [
        (QuestionKind::WhichContent, &[], &own),
        (QuestionKind::WhichMessage, &[twin], twin),
        (QuestionKind::WhichKind, &["moteoppsummering", "foresporsel"], "moteoppsummering"),
        (
            QuestionKind::WhichAdmission,
            &["2026-03-09T08:10:00", "2026-03-09T07:00:00"],
            "2026-03-09T08:10:00",
        ),
        (QuestionKind::WhetherMeant, &[], "new"),
        (QuestionKind::When, &[], "2026-03-09T08:00"),
        (QuestionKind::WhichMunicipality, &["Tindvik", "Fjordvik"], "Tindvik"),
    ];
    for (what, values, answer) in cases {
        region.asks(number, what, values).await;
        answered(&region.municipality, number, what, answer).await;
    }
}

/// Answers a question of a message wrongly, rightly and once more, and takes the answer back twice.
async fn answered(user: &User, number: u64, what: QuestionKind, answer: &str) {
    let page = user.get(&format!("/melding/{number}")).await.text();
    assert!(page.contains(&format!("value=\"{}\"", what.as_str())), "{what:?}: {page}");
    let form = [("gjor", "avgjor"), ("sporsmal", what.as_str()), ("hvorfor", "ringte")];
    let (status, page) = posted(user, number, &form).await;
    assert!(status == 200 && page.contains("aria-invalid=\"true\""), "{what:?}: {status} {page}");
    let wrong = [&form[..], &[("valg", "finnes-ikke")]].concat();
    let (status, _) = posted(user, number, &wrong).await;
    assert!([200, 404].contains(&status), "{what:?}: {status}");
    let right = [&form[..], &[("valg", answer)]].concat();
    let (status, page) = posted(user, number, &right).await;
    assert_eq!(status, 303, "{what:?}: {page}");
    let (status, page) = posted(user, number, &right).await;
    assert!(status == 200 && page.contains("avgjorde dette"), "{what:?}: {status} {page}");
    let back = [("gjor", "tilbake"), ("sporsmal", what.as_str())];
    assert_eq!(posted(user, number, &back).await.0, 303, "{what:?}");
    let (status, page) = posted(user, number, &back).await;
    assert!(status == 200 && page.contains("spørres ikke lenger"), "{what:?}: {status}");
}

#[tokio::test]
async fn a_stay_is_searched_for_or_begun_where_nobody_knows_who_it_is() {
    let region = Region::new("2026-03-09T09:00").await;
    let (case, number) = region.admitted().await;
    region.asks(number, QuestionKind::WhichPerson, &[]).await;
    let user = &region.municipality;
    let (status, page) = posted(user, number, &[("gjor", "finn"), ("q", "Nordvik")]).await;
    assert!(status == 200 && page.contains(&format!("value=\"{case}\"")), "{page}");
    let (_, page) = posted(user, number, &[("gjor", "finn"), ("q", "Ingensteds")]).await;
    assert!(page.contains("Fant ingen opphold"), "{page}");
    let begun = [("gjor", "nytt"), ("hvorfor", "ukjent pasient")];
    assert_eq!(posted(user, number, &begun).await.0, 303);
    let log = region.log(&case).await;
    let table = samspill_service::exchange::meaning::Table::shipped();
    assert!(log.entries.iter().any(|entry| table.cancels(entry).is_some()), "it isn't of that stay any more");
    let stranger = region.t.user(Role::CaseOffice, Side::Second);
    assert_eq!(posted(&stranger, number, &begun).await.0, 404);
}

#[tokio::test]
async fn what_somebody_saw_to_leaves_the_inbox_with_a_reason_and_comes_back() {
    let region = Region::new("2026-03-09T09:00").await;
    let (_, number) = region.admitted().await;
    region.asks(number, QuestionKind::Rejected, &[]).await;
    let user = &region.municipality;
    let waits = async || user.get("/innboks").await.text().contains(&format!("href=\"/melding/{number}\""));
    assert!(waits().await);
    let (status, page) = posted(user, number, &[("gjor", "handtert")]).await;
    assert!(status == 200 && page.contains("Skriv hvorfor"), "{page}");
    let handled = [("gjor", "handtert"), ("hvorfor", "Vi har ringt avdelingen")];
    assert_eq!(posted(user, number, &handled).await.0, 303);
    assert!(!waits().await);
    let page = user.get(&format!("/melding/{number}")).await.text();
    assert!(page.contains("Vi har ringt avdelingen"), "{page}");
    assert_eq!(posted(user, number, &[("gjor", "tilbake"), ("sporsmal", "handtert")]).await.0, 303);
    assert!(waits().await);
}

#[tokio::test]
async fn what_is_nobodys_is_shown_to_administrators_alone_and_not_what_it_says() {
    let region = Region::new("2026-03-09T09:00").await;
    let administrator = region.t.user(Role::Administrator, Side::Trust);
    for number in
        [region.stray(Standing::Unreadable, "").await, region.stray(Standing::NotOurs, "99999999").await]
    {
        let path = format!("/melding/{number}");
        for place in ["/innboks", "/meldinger"] {
            let list = administrator.get(place).await;
            assert!(list.text().contains(&format!("href=\"{path}\"")), "{place}: {}", list.text());
            assert!(!region.hospital.get(place).await.text().contains(&path));
        }
        let page = administrator.get(&path).await;
        assert!(page.status == 200 && !page.text().contains("hemmelig"), "{}", page.text());
        assert_eq!(administrator.get(&format!("{path}/raa")).await.status, 404);
        assert_eq!(region.hospital.get(&path).await.status, 404);
        let rows = region.t.access.rows();
        assert!(rows.iter().any(|row| row.action == Action::KeepStrays && row.decision.is_allowed));
        let handled = [("gjor", "handtert"), ("hvorfor", "Sendt til riktig mottaker")];
        assert_eq!(posted(&region.hospital, number, &handled).await.0, 404);
        assert_eq!(posted(&administrator, number, &[("gjor", "nytt")]).await.0, 404);
        assert_eq!(posted(&administrator, number, &handled).await.0, 303);
        assert!(!administrator.get("/innboks").await.text().contains(&path));
    }
}

#[tokio::test]
async fn nothing_of_an_inbox_is_out_of_reach() {
    let region = Region::new("2026-03-09T09:00").await;
    let administrator = region.t.user(Role::Administrator, Side::Trust);
    let first = region.stray(Standing::NotOurs, "90000000").await;
    let mut last = first;
    for place in 1..=200 {
        last = region.stray(Standing::NotOurs, &format!("9{place:07}")).await;
    }
    let page = administrator.get("/innboks").await.text();
    let has = |page: &str, number: u64| page.contains(&format!("href=\"/melding/{number}\""));
    assert!(has(&page, last) && !has(&page, first), "the newest first");
    assert!(page.contains("/innboks?herrelos=2#herrelos"), "{page}");
    let page = administrator.get("/innboks?herrelos=2").await.text();
    assert!(has(&page, first) && !has(&page, last), "{page}");
}
