//! One patient's whole way from both sides, by forms alone.

use samspill_engine::DutyStatus;

use crate::desk::{Region, at, days, duty, hidden};

pub(crate) const EARLY: &[(&str, &str)] = &[
    ("f_arsak", "Lårhalsbrudd etter fall."),
    ("f_status", "Operert, i bedring."),
    ("f_forventet-forlop", "Opptrening noen dager."),
    ("f_forventet-utskrivning", "2026-03-18"),
];

pub(crate) const UPDATE: &[(&str, &str)] = &[
    ("f_funksjon-kognitiv", "Klar og orientert."),
    ("f_funksjon-psykisk", "Uendret."),
    ("f_funksjon-fysisk", "Går med rullator."),
];

const REPORT: &[(&str, &str)] = &[
    ("f_tjenester", "Hjemmesykepleie"),
    ("f_hyppighet", "Morgen og kveld"),
    ("f_tilstand", "Frisk ellers."),
    ("f_legemiddelliste", "Metoprolol depot 50 mg"),
    ("f_arsak", "Falt hjemme."),
];

const FIVE: &[(&str, &str)] = &[
    ("f_problem-innleggelse", "Lårhalsbrudd etter fall."),
    ("f_problem-ovrige", "Lavt blodtrykk."),
    ("f_uavklart", "Ingenting."),
    ("f_diagnose-og-plan", "S720 Brudd i lårhals\nKontroll om seks uker."),
    ("f_funksjon", "Klarer seg med rullator."),
];

#[tokio::test]
async fn a_stay_is_written_from_admission_to_discharge_and_its_duties_and_days_are_right_on_the_way() {
    let region = Region::new("2026-03-09T09:00").await;
    let (ward, office) = (&region.hospital, &region.municipality);
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let told = region.write(ward, &case, "melding-om-innlagt-pasient", "2026-03-09T09:05", &[]).await;
    assert!(told.contains("Kommunen får frist til tirsdag 10. mars 2026 kl. 09.05"), "{told}");
    region.write(ward, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    region.write(office, &case, "innleggelsesrapport", "2026-03-09T14:00", REPORT).await;
    region.write(ward, &case, "helseopplysninger", "2026-03-12T10:00", UPDATE).await;
    let read = region.evaluation(&case, "2026-03-12T11:00").await;
    for kept in ["melding-om-innlagt-pasient", "tidligmelding", "innleggelsesrapport"] {
        assert_eq!(duty(&read, kept), [DutyStatus::Kept], "{kept}");
    }
    assert_eq!(days(&read), [""; 0]);

    let told = region.write(ward, &case, "utskrivningsklar", "2026-03-16T10:00", FIVE).await;
    assert!(told.contains("Kommunen får frist til mandag 16. mars 2026 kl. 15.00"), "{told}");
    assert!(told.contains("døgn begynner å telle fra og med tirsdag 17. mars 2026"), "{told}");
    assert!(told.contains("class=\"melding\""), "the message as the receiver sees it: {told}");
    assert!(told.contains("Nordvik"), "the patient by name: {told}");
    let cannot = [("f_svar", "kan-ikke-ta-imot"), ("f_forventet", "2026-03-18")];
    region.write(office, &case, "svar-utskrivningsklar", "2026-03-16T13:00", &cannot).await;
    assert_eq!(
        duty(&region.evaluation(&case, "2026-03-16T16:00").await, "svar-utskrivningsklar"),
        [DutyStatus::Kept]
    );
    assert_eq!(days(&region.evaluation(&case, "2026-03-18T08:00").await), ["2026-03-17"]);
    let can = [("f_svar", "kan-ta-imot"), ("f_fra", "2026-03-18")];
    let told = region.write(office, &case, "svar-utskrivningsklar", "2026-03-17T09:00", &can).await;
    assert!(told.contains("siste døgn som teller, blir tirsdag 17. mars 2026"), "{told}");

    let left = [("dag", "2026-03-18"), ("tid", "11:00")];
    region.write(ward, &case, "utskrevet", "2026-03-18T11:10", &left).await;
    region
        .write(
            ward,
            &case,
            "utskrivningsrapport",
            "2026-03-18T11:20",
            &[("f_sammenfatning", "Fulgte planen.")],
        )
        .await;
    let read = region.evaluation(&case, "2026-03-20T08:00").await;
    assert_eq!(days(&read), ["2026-03-17"]);
    let log = region.log(&case).await;
    let discharged = log.entries.iter().rfind(|entry| entry.kind == "utskrevet").unwrap();
    assert_eq!(discharged.happened, at("2026-03-18T11:00"), "the true time");
    assert_eq!(duty(&read, "svar-utskrivningsklar"), [DutyStatus::Kept]);
}

#[tokio::test]
async fn the_same_form_sent_twice_writes_once() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/skriv/tidligmelding");
    let form = region.hospital.get(&path).await;
    let (id, seen) = (hidden(&form, "id"), hidden(&form, "seen"));
    let fields = [EARLY, &[("id", &id), ("seen", &seen), ("gjor", "send")]].concat();
    for now in ["2026-03-09T09:10", "2026-03-09T09:11"] {
        region.t.clock.set(at(now));
        assert_eq!(region.hospital.post_form(&path, &fields).await.status, 303);
    }
    let log = region.log(&case).await;
    assert_eq!(log.entries.iter().filter(|entry| entry.kind == "tidligmelding").count(), 1);
    let twice = [
        ("id", "9f1d6c1e-0000-4000-8000-000000000001"),
        ("dag", "2026-03-09"),
        ("tid", "08:10"),
        ("f_fagomrade", "somatikk"),
    ];
    let places = [
        region.hospital.post_form("/opphold/ny", &twice).await,
        region.hospital.post_form("/opphold/ny", &twice).await,
    ];
    assert_eq!(places[0].header("location"), places[1].header("location"));
    let new =
        places[0].header("location").trim_start_matches("/opphold/").trim_end_matches("/skriv").to_owned();
    assert_eq!(region.log(&new).await.entries.len(), 1);
}

#[tokio::test]
async fn what_the_other_side_wrote_meanwhile_is_shown_and_holds_nothing_back() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "melding-om-innlagt-pasient", "2026-03-09T09:05", &[]).await;
    let path = format!("/opphold/{case}/skriv/tidligmelding");
    region.t.clock.set(at("2026-03-09T10:00"));
    let form = region.hospital.get(&path).await;
    let (id, seen) = (hidden(&form, "id"), hidden(&form, "seen"));
    region.write(&region.municipality, &case, "innleggelsesrapport", "2026-03-09T10:05", REPORT).await;
    region.t.clock.set(at("2026-03-09T10:10"));
    let fields = [EARLY, &[("id", &id), ("seen", &seen), ("gjor", "send")]].concat();
    let conflict = region.hospital.post_form(&path, &fields).await;
    assert_eq!(conflict.status, 409);
    let text = conflict.text();
    assert!(text.contains("Innleggelsesrapport") && text.contains("Falt hjemme."), "{text}");
    assert!(text.contains("Operert, i bedring."), "what was written is kept: {text}");
    assert!(!region.log(&case).await.entries.iter().any(|entry| entry.kind == "tidligmelding"));
    let seen = hidden(&conflict, "seen");
    let again = [EARLY, &[("id", &id), ("seen", &seen), ("likevel", "ja"), ("gjor", "send")]].concat();
    assert_eq!(region.hospital.post_form(&path, &again).await.status, 303);
    assert!(region.log(&case).await.entries.iter().any(|entry| entry.kind == "tidligmelding"));
}

#[tokio::test]
async fn a_time_that_came_twice_is_asked_about_and_one_that_never_came_is_told() {
    let region = Region::new("2026-10-26T09:00").await;
    let id = "9f1d6c1e-0000-4000-8000-000000000002";
    let fields = [("id", id), ("dag", "2026-10-25"), ("tid", "02:30"), ("f_fagomrade", "somatikk")];
    let asked = region.hospital.post_form("/opphold/ny", &fields).await;
    assert_eq!(asked.status, 200);
    assert!(
        asked.text().contains("kom to ganger") && asked.text().contains("name=\"gang\""),
        "{}",
        asked.text()
    );
    let chosen = [&fields[..], &[("gang", "second")]].concat();
    let place = region.hospital.post_form("/opphold/ny", &chosen).await;
    let case = place.header("location").trim_start_matches("/opphold/").trim_end_matches("/skriv").to_owned();
    assert_eq!(region.log(&case).await.entries[0].happened, "2026-10-25T01:30:00Z".parse().unwrap());
    let path = format!("/opphold/{case}/skriv/samarbeidsmote");
    let form = region.hospital.get(&path).await;
    let never = [
        ("id", &*hidden(&form, "id")),
        ("seen", "9"),
        ("dag", "2026-03-29"),
        ("tid", "02:30"),
        ("gjor", "vis"),
    ];
    assert!(region.hospital.post_form(&path, &never).await.text().contains("fantes ikke"));
}

#[tokio::test]
async fn a_draft_is_kept_and_gone_on_with_and_gone_when_it_is_sent() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/skriv/tidligmelding");
    let form = region.hospital.get(&path).await;
    let id = hidden(&form, "id");
    let fields = [EARLY, &[("id", &id), ("seen", "1"), ("gjor", "kladd")]].concat();
    let kept = region.hospital.post_form(&path, &fields).await;
    assert_eq!(kept.header("location"), "/kladder?gjort=lagret");
    let list = region.hospital.get("/kladder").await.text();
    let href = list
        .split("href=\"")
        .find(|it| it.contains("kladd="))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&");
    let again = region.hospital.get(&href).await;
    assert!(again.text().contains("Operert, i bedring."), "{}", again.text());
    assert!(!region.municipality.get("/kladder").await.text().contains("kladd="), "drafts are one's own");
    let [id, seen, draft] = ["id", "seen", "kladd"].map(|name| hidden(&again, name));
    let fields: [(&str, &str); 4] = [("id", &id), ("seen", &seen), ("kladd", &draft), ("gjor", "send")];
    let sent = [EARLY, &fields].concat();
    assert_eq!(region.hospital.post_form(&path, &sent).await.status, 303);
    assert!(!region.hospital.get("/kladder").await.text().contains("kladd="));
}

#[tokio::test]
async fn a_draft_that_was_thrown_away_is_back_as_it_was_unless_it_was_written_anew() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/skriv/tidligmelding");
    let id = hidden(&region.hospital.get(&path).await, "id");
    let fields = [EARLY, &[("id", &id), ("seen", "1"), ("gjor", "kladd")]].concat();
    let keep = || region.hospital.post_form(&path, &fields);
    assert_eq!(keep().await.status, 303);
    let drop = async || {
        let dropped = region.hospital.post_form("/kladder", &[("kladd", &id)]).await;
        let next = region.hospital.get(dropped.header("location")).await;
        assert!(!next.text().contains("?kladd="), "{}", next.text());
        hidden(&next, "angre")
    };
    let undo = async |offered: &str| region.hospital.post_form("/angre", &[("angre", offered)]).await;
    let offered = drop().await;
    assert_eq!(undo(&offered).await.header("location"), "/kladder?angret=ja");
    let again = region.hospital.get(&format!("{path}?kladd={id}")).await;
    assert!(again.text().contains("Operert, i bedring."), "{}", again.text());
    assert_eq!(hidden(&again, "versjon"), "1");
    // Thrown away again, and kept anew from another window: that one stays.
    let offered = drop().await;
    assert_eq!(keep().await.status, 303);
    let answer = undo(&offered).await;
    assert_eq!(answer.status, 409, "{}", answer.text());
    assert!(region.hospital.get("/kladder").await.text().contains("?kladd="));
}

#[tokio::test]
async fn after_sending_the_next_page_leads_to_taking_it_back_and_the_frame_to_nothing_else() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/skriv/tidligmelding");
    let form = region.hospital.get(&path).await;
    let (id, seen) = (hidden(&form, "id"), hidden(&form, "seen"));
    let fields = [EARLY, &[("id", &id), ("seen", &seen), ("gjor", "send")]].concat();
    let sent = region.hospital.post_form(&path, &fields).await;
    let place = region.log(&case).await.entries.last().unwrap().position.0;
    assert_eq!(sent.header("location"), format!("/opphold/{case}?gjort=skrevet&post={place}"));
    let next = region.hospital.get(sent.header("location")).await.text();
    let change = format!("/opphold/{case}/endre/{place}");
    let (notices, _) = next.split_once("<h1").unwrap();
    assert!(notices.contains("Det er skrevet.") && notices.contains(&change), "{notices}");
    assert!(!notices.contains("/angre"), "what is in the log is not undone: {notices}");
    assert_eq!(region.hospital.get(&change).await.status, 200);
    // Sent twice, it leads to the same. Of another's entry, or none, nothing is offered.
    let twice = region.hospital.post_form(&path, &fields).await;
    assert_eq!(twice.header("location"), sent.header("location"));
    let theirs = region.municipality.get(sent.header("location")).await.text();
    assert!(!theirs.contains(&change), "{theirs}");
}

#[tokio::test]
async fn what_was_written_is_taken_back_with_its_consequences_shown_first() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    region.write(&region.hospital, &case, "helseopplysninger", "2026-03-12T10:00", UPDATE).await;
    region.write(&region.hospital, &case, "utskrivningsklar", "2026-03-16T10:00", &[]).await;
    let log = region.log(&case).await;
    let position = log.entries.iter().rfind(|entry| entry.kind == "utskrivningsklar").unwrap().position.0;
    let path = format!("/opphold/{case}/endre/{position}");
    let page = region.hospital.get(&path).await;
    let text = page.text();
    assert!(text.contains("Avmelding av utskrivningsklar pasient") && text.contains("Kanseller"), "{text}");
    assert!(text.contains("faller bort"), "{text}");
    assert_eq!(region.municipality.get(&path).await.status, 404, "the other side's");
    let done = region.hospital.post_form(&path, &[("id", &hidden(&page, "id"))]).await;
    assert_eq!(done.status, 303);
    assert_eq!(
        region.hospital.post_form(&path, &[("id", &hidden(&page, "id"))]).await.status,
        303,
        "once more"
    );
    region.deliver().await;
    let read = region.evaluation(&case, "2026-03-16T11:00").await;
    assert_eq!(duty(&read, "svar-utskrivningsklar"), []);
}
