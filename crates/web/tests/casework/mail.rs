//! Messages as people see them: read, settled, forwarded, monitored.

use samspill_base::Value;
use samspill_service::{
    access::{Action, Role, Subject},
    exchange::mailroom::HERE,
};
use samspill_store::{Alert, Direction, MessageFilter, MessageLine, MessageNumber, OutboxState};
use samspill_web::front::LookedAt;

use crate::{
    desk::{Region, at, hidden},
    support::{Side, User},
    way::{EARLY, UPDATE},
};

impl Region {
    async fn messages(&self) -> Vec<MessageLine> {
        let parts = self.t.app.parts();
        let all = MessageFilter::default();
        parts.store.messages(&parts.community, &all, MessageNumber(0), 1_000).await.unwrap()
    }

    /// The latest message of a kind that went this way.
    pub(crate) async fn latest(&self, kind: &str, direction: Direction) -> u64 {
        let all = self.messages().await;
        let found = all.iter().rfind(|line| line.kind == kind && line.direction == direction);
        found.unwrap_or_else(|| panic!("no {kind}")).number.0
    }

    /// Nothing that waits can be handed over.
    async fn give_up(&self) {
        let parts = self.t.app.parts();
        let waiting = Some(OutboxState::Waiting);
        for parcel in parts.store.outbox(&parts.community, waiting, "", 1_000).await.unwrap() {
            let mut tx = parts.store.begin(&parts.community).await.unwrap();
            tx.outgoing_dead(&parcel.id, self.t.now(), "no-queue", "Ingen slik kø.").await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    /// Another system of the same party sends what a message says once more, as a message of its own.
    pub(crate) async fn sent_elsewhere(&self, number: u64, id: &str) -> u64 {
        let parts = self.t.app.parts();
        let kept = parts.store.message(&parts.community, MessageNumber(number)).await.unwrap().unwrap();
        let text = String::from_utf8(kept.bytes).unwrap();
        let start = text.find("<MsgId>").unwrap() + "<MsgId>".len();
        let end = text.find("</MsgId>").unwrap();
        let again = format!("{}{id}{}", &text[..start], &text[end..]);
        let sent = parts.mailroom.send(again.as_bytes(), self.t.now()).await.unwrap();
        self.t.app.live().catch_up(self.t.now()).await.unwrap();
        sent.number.0
    }
}

#[tokio::test]
async fn a_message_is_read_by_its_ends_alone_and_saved_but_never_shown_raw() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    let number = region.latest("HELSEOPPL_SOKNAD", Direction::Out).await;
    let path = format!("/melding/{number}");
    for user in [&region.hospital, &region.municipality] {
        let page = user.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(
            page.text().contains("Operert, i bedring.") && page.text().contains("Mottatt"),
            "{}",
            page.text()
        );
    }
    let raw = region.municipality.get(&format!("{path}/raa")).await;
    assert!(raw.header("content-disposition").starts_with("attachment;"), "{:?}", raw.headers);
    assert_eq!(raw.header("x-content-type-options"), "nosniff");
    for place in ["0", "1", "99999999999999999999"] {
        let none = region.municipality.get(&format!("{path}/vedlegg/{place}")).await;
        assert!([400, 404].contains(&none.status), "{place}: {}", none.status);
    }
    let strangers =
        [region.t.user(Role::CaseOffice, Side::Second), region.t.user(Role::Administrator, Side::Trust)];
    let bodies = |it: crate::support::Answer| (it.status, it.text());
    for stranger in &strangers {
        let nowhere = bodies(stranger.get("/melding/99999").await);
        for of in ["", "/raa", "/vedlegg/1"] {
            assert_eq!(stranger.get(&format!("{path}{of}")).await.status, 404);
        }
        assert_eq!(
            bodies(stranger.get(&path).await).1.replace(&path, ""),
            nowhere.1.replace("/melding/99999", "")
        );
    }
}

#[tokio::test]
async fn a_reply_in_words_is_suggested_and_means_what_a_person_confirms() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    region.write(&region.hospital, &case, "helseopplysninger", "2026-03-12T10:00", UPDATE).await;
    region.write(&region.hospital, &case, "utskrivningsklar", "2026-03-16T10:00", &[]).await;
    let form = region.municipality.get(&format!("/opphold/{case}/svar")).await;
    assert!(form.text().contains("Kan ikke ta imot"), "{}", form.text());
    let words = [("f_tekst", "Vi kan ta imot pasienten fra 18.03.2026.")];
    region.write(&region.municipality, &case, "svar-utskrivningsklar", "2026-03-16T12:00", &words).await;
    let path = format!("/opphold/{case}/svar");
    let page = region.hospital.get(&path).await;
    assert!(page.text().contains("Det leses slik: Kan ta imot, 18. mars 2026"), "{}", page.text());
    let inbox = region.hospital.get("/innboks").await.text();
    assert!(inbox.contains(&format!("/melding/{}", hidden(&page, "melding"))), "{inbox}");
    let number = hidden(&page, "melding");
    let fields = [("melding", &*number), ("svar", "kan-ta-imot"), ("fra", "2026-03-18")];
    assert_eq!(region.hospital.post_form(&path, &fields).await.status, 303);
    let log = region.log(&case).await;
    let reply = log.entries.iter().rfind(|entry| entry.kind == "svar-utskrivningsklar").unwrap();
    assert_eq!(reply.field("svar"), Some(&Value::text("kan-ta-imot")));
    let entries = log.entries.len();
    assert_eq!(region.hospital.post_form(&path, &fields).await.status, 303, "once more");
    assert_eq!(region.log(&case).await.entries.len(), entries);
    // It was kept as it went, too: nobody is asked about that any more either.
    let received: u64 = number.parse().unwrap();
    let all = region.messages().await;
    let id = &all.iter().find(|line| line.number.0 == received).unwrap().id;
    let went = all.iter().find(|line| line.id == *id && line.direction == Direction::Out).unwrap().number.0;
    assert_ne!(went, received, "who got it is asked about it as it received");
    for user in [&region.hospital, &region.municipality] {
        assert_eq!(questions(user, [went, received]).await, [false, false]);
    }
}

/// Whether messages stand among the questions of an inbox.
async fn questions(user: &User, numbers: [u64; 2]) -> [bool; 2] {
    let inbox = user.get("/innboks").await.text();
    let (_, group) = inbox.split_once("id=\"sporsmal\"").unwrap();
    let (group, _) = group.split_once("</section>").unwrap();
    numbers.map(|number| group.contains(&format!("href=\"/melding/{number}\"")))
}

#[tokio::test]
async fn a_message_that_fits_two_stays_waits_with_both_side_by_side_until_a_person_places_it() {
    let region = Region::new("2026-03-09T09:00").await;
    let first = region.admit("2026-03-09T09:00", "2026-03-06", "08:10").await;
    region.write(&region.hospital, &first, "melding-om-innlagt-pasient", "2026-03-09T09:05", &[]).await;
    let second = region.admit("2026-03-09T09:10", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &second, "melding-om-innlagt-pasient", "2026-03-09T09:15", &[]).await;
    let asks = [("f_tekst", "Hvordan går det?")];
    region.write(&region.municipality, &first, "helsefaglig-dialog", "2026-03-09T10:00", &asks).await;
    let original = region.latest("DIALOG_HELSEFAGLIG", Direction::Out).await;
    region.t.clock.set(at("2026-03-09T10:30"));
    let number = region.sent_elsewhere(original, "77777777-79c4-4d16-98e0-ccb2c9be9a88").await;
    let path = format!("/melding/{number}");
    let inbox = region.municipality.get("/innboks").await.text();
    assert!(inbox.contains(&path), "{inbox}");
    region.deliver().await;
    let came = region.latest("DIALOG_HELSEFAGLIG", Direction::In).await;
    assert_eq!(questions(&region.municipality, [number, came]).await, [true, false], "as it went");
    assert_eq!(questions(&region.hospital, [number, came]).await, [false, true], "as it came");
    let page = region.municipality.get(&path).await.text();
    for case in [&first, &second] {
        assert!(page.contains(&format!("value=\"{case}\"")), "{case}: {page}");
    }
    let other = region.t.case_of(Side::Second);
    for wrong in [other.as_str(), "opphold-nytt", ""] {
        let refused = region.municipality.post_form(&path, &[("gjor", "plasser"), ("opphold", wrong)]).await;
        assert_eq!(refused.status, 404, "{wrong}");
    }
    let stranger = region.t.user(Role::CaseOffice, Side::Second);
    assert_eq!(stranger.post_form(&path, &[("gjor", "plasser"), ("opphold", &first)]).await.status, 404);
    let placed = region
        .municipality
        .post_form(&path, &[("gjor", "plasser"), ("opphold", &second), ("hvorfor", "ringte")])
        .await;
    assert_eq!(placed.status, 303, "{}", placed.text());
    let log = region.log(&second).await;
    assert!(log.entries.iter().any(|entry| entry.kind == "helsefaglig-dialog"));
}

#[tokio::test]
async fn a_message_is_forwarded_to_a_unit_of_the_own_party_and_is_in_its_inbox() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "melding-om-innlagt-pasient", "2026-03-09T09:05", &[]).await;
    let number = region.latest("LOG_INNLAGT", Direction::In).await;
    let path = format!("/melding/{number}");
    let nurse = region.t.user(Role::CareUnit, Side::First);
    let unit = nurse.signed.as_ref().unwrap().subject.units.first().unwrap().clone();
    assert!(!nurse.get("/innboks").await.text().contains("Sendt videre til enheten din"));
    let wrong = region.municipality.post_form(&path, &[("gjor", "videre"), ("enhet", "Ikke vår")]).await;
    assert_eq!(wrong.status, 422);
    let done = region.municipality.post_form(&path, &[("gjor", "videre"), ("enhet", &unit)]).await;
    assert_eq!(done.status, 303);
    let inbox = nurse.get("/innboks").await.text();
    assert!(inbox.contains("Sendt videre til enheten din") && inbox.contains(&path), "{inbox}");
    let next = region.municipality.get(done.header("location")).await;
    assert!(next.text().contains("Sendt videre til"));
    let offered = hidden(&next, "angre");
    let undone = region.municipality.post_form("/angre", &[("angre", &offered)]).await;
    assert_eq!(undone.header("location"), format!("{path}?angret=ja"));
    assert!(!nurse.get("/innboks").await.text().contains("Sendt videre til enheten din"));
}

#[tokio::test]
async fn a_unit_that_takes_no_part_opens_what_was_forwarded_to_it_and_nothing_else() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "melding-om-innlagt-pasient", "2026-03-09T09:05", &[]).await;
    let path = format!("/melding/{}", region.latest("LOG_INNLAGT", Direction::In).await);
    let page = region.municipality.get(&path).await.text();
    let (_, offered) = page.split_once("name=\"enhet\"").unwrap();
    let (offered, _) = offered.split_once("</select>").unwrap();
    let own = region.t.subject(Role::CareUnit, Side::First);
    let units = offered.split("value=\"").skip(1).map(|it| it.split('"').next().unwrap());
    let other =
        units.filter(|unit| !unit.is_empty()).find(|unit| !own.units.contains(*unit)).expect("another unit");
    let subject = Subject { account: "annen".to_owned(), units: [other.to_owned()].into(), ..own };
    let nurse = region.t.user_of(subject);
    let before = nurse.get(&path).await.status;
    let forwarded = region.municipality.post_form(&path, &[("gjor", "videre"), ("enhet", other)]).await;
    assert_eq!(before, 404);
    assert_eq!(forwarded.status, 303);
    let inbox = nurse.get("/innboks").await.text();
    assert!(inbox.contains("Sendt videre til enheten din") && inbox.contains(&path), "{inbox}");
    assert_eq!(nurse.get(&path).await.status, 200);
    assert_eq!(nurse.get(&format!("/opphold/{case}")).await.status, 404, "the stay isn't theirs by that");
}

#[tokio::test]
async fn what_was_given_up_is_in_the_monitor_of_its_party_and_released_by_it_alone() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    let path = format!("/opphold/{case}/skriv/helseopplysninger");
    let form = region.hospital.get(&path).await;
    let fields = [("id", &*hidden(&form, "id")), ("seen", "99999"), ("gjor", "send")];
    assert_eq!(region.hospital.post_form(&path, &fields).await.status, 303);
    region.give_up().await;
    let path = format!("href=\"/melding/{}\"", region.latest("HELSEOPPL_SOKNAD", Direction::Out).await);
    assert!(undelivered(&region.hospital).await.contains(&path));
    assert!(!undelivered(&region.municipality).await.contains(&path), "another's");
    let monitor = region.hospital.get("/meldinger").await;
    assert_eq!(monitor.status, 200);
    let text = monitor.text();
    assert!(text.contains("Helseopplysninger") && text.contains(&region.t.first), "{text}");
    let parcel = hidden(&monitor, "pakke");
    assert!(!region.municipality.get("/meldinger").await.text().contains(&parcel), "another's");
    assert_eq!(region.municipality.post_form("/meldinger", &[("pakke", &parcel)]).await.status, 404);
    assert_eq!(region.t.get_as(Role::Ward, "/meldinger").await.status, 404, "not the role's task");
    let released = region.hospital.post_form("/meldinger", &[("pakke", &parcel)]).await;
    assert_eq!(released.header("location"), "/meldinger?gjort=sluppet");
    assert!(!undelivered(&region.hospital).await.contains(&path), "it is on its way again");
}

/// The part of an inbox with what wasn't delivered.
async fn undelivered(user: &User) -> String {
    let inbox = user.get("/innboks").await.text();
    let (_, group) = inbox.split_once("id=\"ikke-levert\"").unwrap();
    group.split_once("</section>").unwrap().0.to_owned()
}

#[tokio::test]
async fn a_meeting_is_called_with_the_open_points_held_and_summed_up() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/mote");
    let page = region.hospital.get(&path).await;
    assert_eq!(page.status, 200);
    let point = hidden_point(&page.text());
    let fields = [
        ("hva", "innkalling"),
        ("dato", "2026-03-12"),
        ("klokke", "10:00"),
        ("sted", "Møterom 2"),
        ("punkt", &point),
        ("mer", "Hjelpemidler"),
    ];
    let form = region.hospital.post_form(&path, &fields).await;
    let text = form.text();
    assert!(text.contains("Dato: 2026-03-12") && text.contains("- Hjelpemidler"), "{text}");
    let call = [("f_sporsmal", "Kall inn. Dato: 2026-03-12")];
    region.write(&region.hospital, &case, "foresporsel", "2026-03-10T10:00", &call).await;
    let held = [("dag", "2026-03-12"), ("tid", "10:00"), ("f_deltakere", "Lege, pasient, tildelingskontor")];
    region.write(&region.hospital, &case, "samarbeidsmote", "2026-03-12T11:00", &held).await;
    let summary = region.hospital.post_form(&path, &[("hva", "oppsummering")]).await.text();
    assert!(summary.contains("12. mars 2026: Lege, pasient, tildelingskontor"), "{summary}");
    region
        .write(&region.hospital, &case, "moteoppsummering", "2026-03-12T12:00", &[("f_sporsmal", "Enige.")])
        .await;
    let read = region.evaluation(&case, "2026-03-12T13:00").await;
    assert_eq!(crate::desk::duty(&read, "moteoppsummering"), [samspill_engine::DutyStatus::Kept]);
    assert!(region.municipality.get(&path).await.text().contains("Lege, pasient, tildelingskontor"));
}

/// The first point of an agenda.
fn hidden_point(text: &str) -> String {
    let start = "name=\"punkt\" type=\"checkbox\" value=\"";
    let from = text.find(start).unwrap_or_else(|| panic!("no point: {text}")) + start.len();
    text[from..].split('"').next().unwrap().to_owned()
}

/// Two stays of one patient, and a message that may belong to either. Gives them and its number.
async fn of_two_stays(region: &Region) -> (String, String, u64) {
    let first = region.admit("2026-03-09T09:00", "2026-03-06", "08:10").await;
    region.write(&region.hospital, &first, "melding-om-innlagt-pasient", "2026-03-09T09:05", &[]).await;
    let second = region.admit("2026-03-09T09:10", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &second, "melding-om-innlagt-pasient", "2026-03-09T09:15", &[]).await;
    let asks = [("f_tekst", "Hvordan går det?")];
    region.write(&region.municipality, &first, "helsefaglig-dialog", "2026-03-09T10:00", &asks).await;
    let original = region.latest("DIALOG_HELSEFAGLIG", Direction::Out).await;
    region.t.clock.set(at("2026-03-09T10:30"));
    let number = region.sent_elsewhere(original, "77777777-79c4-4d16-98e0-ccb2c9be9a88").await;
    (first, second, number)
}

#[tokio::test]
async fn who_reads_a_message_without_a_stay_is_written_down_for_its_patient() {
    let region = Region::new("2026-03-09T09:00").await;
    let (_, second, number) = of_two_stays(&region).await;
    let path = format!("/melding/{number}");
    assert_eq!(region.municipality.get(&path).await.status, 200);
    let about = LookedAt::Person("23914111277".to_owned());
    assert!(region.t.access.rows().iter().any(|row| row.about == about && row.decision.is_allowed));
    let fields = [("gjor", "plasser"), ("opphold", second.as_str()), ("hvorfor", "ringte")];
    assert_eq!(region.municipality.post_form(&path, &fields).await.status, 303);
    let placed = |row: &samspill_web::front::Looked| {
        row.action == Action::PlaceMessage
            && matches!(&row.about, LookedAt::Stay { case, .. } if *case == second)
    };
    assert!(region.t.access.rows().iter().any(placed), "that it was put there too");
}

#[tokio::test]
async fn a_message_without_a_stay_is_found_by_its_id_by_its_own_party_alone() {
    let region = Region::new("2026-03-09T09:00").await;
    let (_, _, number) = of_two_stays(&region).await;
    let id = region.messages().await.iter().find(|line| line.number.0 == number).unwrap().id.clone();
    let found = async |user: &User| {
        user.post_form("/sok", &[("q", &id)]).await.text().contains(&format!("/melding/{number}\""))
    };
    assert!(found(&region.municipality).await);
    assert!(!found(&region.t.user(Role::CaseOffice, Side::Second)).await);
    assert!(!found(&region.t.user(Role::HospitalAccounts, Side::Trust)).await);
}

#[tokio::test]
async fn what_is_new_is_told_by_the_patients_name_and_marked_as_seen_where_it_stands() {
    let region = Region::new("2026-03-09T09:00").await;
    let first = region.admit("2026-03-09T09:00", "2026-03-06", "08:10").await;
    let second = region.admit("2026-03-09T09:10", "2026-03-09", "08:10").await;
    for case in [&first, &second] {
        region.write(&region.hospital, case, "melding-om-innlagt-pasient", "2026-03-09T09:15", &[]).await;
    }
    let new = async || {
        let text = region.municipality.get("/innboks").await.text();
        let (_, group) = text.split_once("id=\"nytt\"").expect("the group");
        (group.to_owned(), [&first, &second].map(|case| group.contains(&format!("/opphold/{case}\""))))
    };
    let (group, is_new) = new().await;
    assert_eq!(is_new, [true, true]);
    assert!(group.contains("Alma Nordvik"), "{group}");
    let mark = |case: &str| {
        let mut marks = group.split("name=\"valgt\" value=\"").skip(1).filter_map(|it| it.split('"').next());
        marks.find(|it| it.ends_with(case)).unwrap().to_owned()
    };
    let (one, other) = (mark(&first), mark(&second));
    let others = region.t.case_of(Side::Second);
    let far = format!("999999999 {others}");
    let fields = [
        ("gjor", "valgte"),
        ("valgt", &*one),
        ("valgt", &*far),
        ("vist", &*one),
        ("vist", &*other),
        ("valgt", "x"),
    ];
    let done = region.municipality.post_form("/innboks", &fields).await;
    assert!(done.header("location").starts_with("/innboks?gjort=sett&angre="));
    assert_eq!(new().await.1, [false, true]);
    let fields = [("gjor", "alle"), ("vist", &*other)];
    region.municipality.post_form("/innboks", &fields).await;
    assert_eq!(new().await.1, [false, false]);
    region.write(&region.hospital, &first, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    region.municipality.post_form("/innboks", &[("gjor", "alle"), ("vist", &one)]).await;
    assert_eq!(new().await.1, [true, false], "what came after the page was made is still new");
}

#[tokio::test]
async fn an_alert_is_told_to_those_whose_messages_it_is_about() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/skriv/melding-om-innlagt-pasient");
    let form = region.hospital.get(&path).await;
    let fields = [("id", &*hidden(&form, "id")), ("seen", "99999"), ("gjor", "send")];
    assert_eq!(region.hospital.post_form(&path, &fields).await.status, 303);
    let parts = region.t.app.parts();
    let says = "3 sendinger venter: køen står.";
    let mut tx = parts.store.begin(&parts.community).await.unwrap();
    for channel in [HERE, "en-annens"] {
        let alert =
            Alert { name: format!("kø:{channel}"), says: format!("{channel}: {says}"), at: region.t.now() };
        tx.raise(&alert).await.unwrap();
    }
    tx.commit().await.unwrap();
    let told = async |user: &User| user.get("/meldinger").await.text().matches(says).count();
    assert_eq!(told(&region.hospital).await, 1);
    assert_eq!(told(&region.t.user(Role::CaseOffice, Side::Second)).await, 0);
}

#[tokio::test]
async fn a_day_that_is_no_day_is_asked_for_again_with_all_that_was_typed() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    region.write(&region.hospital, &case, "helseopplysninger", "2026-03-12T10:00", UPDATE).await;
    region.write(&region.hospital, &case, "utskrivningsklar", "2026-03-16T10:00", &[]).await;
    let words = [("f_tekst", "Vi kan ta imot pasienten fra 18.03.2026.")];
    region.write(&region.municipality, &case, "svar-utskrivningsklar", "2026-03-16T12:00", &words).await;
    let path = format!("/opphold/{case}/svar");
    let number = hidden(&region.hospital.get(&path).await, "melding");
    let before = region.log(&case).await.entries.len();
    let typed = |svar, fra| [("melding", &*number), ("svar", svar), ("fra", fra), ("hvorfor", "Ringt.")];
    for (svar, fra, says) in
        [("kan-ta-imot", "31.02.2026", "Skriv dagen som"), ("", "2026-03-18", "Velg hva svaret betyr.")]
    {
        let again = region.hospital.post_form(&path, &typed(svar, fra)).await;
        assert_eq!(again.status, 422, "{svar} {fra}");
        let page = again.text();
        let kept = [format!("value=\"{fra}\""), "value=\"Ringt.\"".to_owned(), says.to_owned()];
        assert!(kept.iter().all(|it| page.contains(it)) && page.contains("aria-invalid"), "{page}");
    }
    assert_eq!(region.log(&case).await.entries.len(), before, "nothing was confirmed");
    assert_eq!(region.hospital.post_form(&path, &typed("kan-ta-imot", "18.03.2026")).await.status, 303);
    let log = region.log(&case).await;
    let reply = log.entries.iter().rfind(|entry| entry.kind == "svar-utskrivningsklar").unwrap();
    assert_eq!(reply.field("svar"), Some(&Value::text("kan-ta-imot")));
}
