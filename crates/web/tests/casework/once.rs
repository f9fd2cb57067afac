//! What is sent twice, changed after it was sent, or written by two at once.

use samspill_base::{Entry, Position};

use crate::{
    desk::{Region, at, hidden},
    way::EARLY,
};

const NEW: &[(&str, &str)] = &[("dag", "2026-03-09"), ("tid", "08:10"), ("f_fagomrade", "somatikk")];

fn with<'a>(id: &'a str, fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("id", id)], fields].concat()
}

fn case_of(place: &str) -> String {
    place.trim_start_matches("/opphold/").trim_end_matches("/skriv").to_owned()
}

#[tokio::test]
async fn a_new_stay_never_begins_in_another_that_has_its_name() {
    let region = Region::new("2026-03-09T09:00").await;
    let first = "9f1d6c1e-0000-4000-8000-000000000011";
    let alike = "9f1d6c1e-0000-4000-8000-000000000012";
    let place = region.hospital.post_form("/opphold/ny", &with(first, NEW)).await;
    let theirs = case_of(place.header("location"));
    let place = region.hospital.post_form("/opphold/ny", &with(alike, NEW)).await;
    assert_eq!(place.status, 303, "{}", place.text());
    let own = case_of(place.header("location"));
    assert_ne!(own, theirs);
    assert_eq!(region.log(&theirs).await.entries.len(), 1, "nothing was written into it");
    assert_eq!(region.log(&own).await.entries.len(), 1);
}

#[tokio::test]
async fn a_new_stay_that_is_changed_after_it_was_registered_says_that_the_change_was_not() {
    let region = Region::new("2026-03-09T09:00").await;
    let id = "9f1d6c1e-0000-4000-8000-000000000013";
    let place = region.hospital.post_form("/opphold/ny", &with(id, NEW)).await;
    let case = case_of(place.header("location"));
    for changed in [[("dag", "2026-03-08"), NEW[1], NEW[2]], [NEW[0], NEW[1], ("f_fagomrade", "phv")]] {
        let again = region.hospital.post_form("/opphold/ny", &with(id, &changed)).await;
        assert_eq!(again.status, 409, "{}", again.text());
        assert!(again.text().contains("er registrert før"), "{}", again.text());
        assert_ne!(hidden(&again, "id"), id, "what is registered now is another stay");
    }
    let same = region.hospital.post_form("/opphold/ny", &with(id, NEW)).await;
    assert_eq!(case_of(same.header("location")), case);
    assert_eq!(region.log(&case).await.entries.len(), 1);
}

#[tokio::test]
async fn a_fact_of_a_new_stay_that_cannot_be_read_is_pointed_out() {
    let region = Region::new("2026-03-09T09:00").await;
    let fields = [NEW[0], NEW[1], ("f_fagomrade", "somatisk-ish")];
    let id = "9f1d6c1e-0000-4000-8000-000000000014";
    let answer = region.hospital.post_form("/opphold/ny", &with(id, &fields)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("kan ikke leses"), "{}", answer.text());
}

#[tokio::test]
async fn a_message_that_is_changed_after_it_was_sent_says_that_the_change_was_not() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/skriv/tidligmelding");
    let form = region.hospital.get(&path).await;
    let (id, seen) = (hidden(&form, "id"), hidden(&form, "seen"));
    let fields = [EARLY, &[("id", &id), ("seen", &seen), ("gjor", "send")]].concat();
    assert_eq!(region.hospital.post_form(&path, &fields).await.status, 303);
    let entries = region.log(&case).await.entries;
    let changed = [&fields[..], &[("f_status", "Verre enn ventet.")]].concat();
    let again = region.hospital.post_form(&path, &changed).await;
    assert_eq!(again.status, 409, "{}", again.text());
    let text = again.text();
    assert!(text.contains("Endringen er ikke sendt") && text.contains("Verre enn ventet."), "{text}");
    assert_ne!(hidden(&again, "id"), id);
    assert_eq!(region.log(&case).await.entries, entries);
    assert_eq!(region.hospital.post_form(&path, &fields).await.status, 303, "the same again is done");
}

#[tokio::test]
async fn a_correction_of_what_counts_no_more_is_not_sent_as_something_new() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    let position =
        region.log(&case).await.entries.iter().rfind(|it| it.kind == "tidligmelding").unwrap().position;
    let path = format!("/opphold/{case}/skriv/tidligmelding");
    let form = region.hospital.get(&format!("{path}?retter={}", position.0)).await;
    let (id, seen) = (hidden(&form, "id"), hidden(&form, "seen"));
    let act = format!("/opphold/{case}/endre/{}", position.0);
    let page = region.hospital.get(&act).await;
    assert_eq!(region.hospital.post_form(&act, &[("id", &hidden(&page, "id"))]).await.status, 303);
    let entries = region.log(&case).await.entries;
    let place = position.0.to_string();
    for how in ["vis", "send"] {
        let fields =
            [EARLY, &[("id", &id), ("seen", &seen), ("retter", &place), ("likevel", "ja"), ("gjor", how)]]
                .concat();
        let answer = region.hospital.post_form(&path, &fields).await;
        assert_eq!(answer.status, 409, "{how}: {}", answer.text());
        let text = answer.text();
        assert!(text.contains("gjelder ikke lenger") && text.contains("Operert, i bedring."), "{text}");
        assert!(!text.contains("name=\"retter\"") && !text.contains("value=\"send\""), "{text}");
    }
    assert_eq!(region.log(&case).await.entries, entries);
}

#[tokio::test]
async fn what_a_colleague_registered_meanwhile_is_shown_before_it_is_registered_again() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/skriv/utskrevet");
    region.t.clock.set(at("2026-03-12T10:00"));
    let forms = [region.hospital.get(&path).await, region.hospital.get(&path).await];
    let mut answers = Vec::new();
    for form in &forms {
        let (id, seen) = (hidden(form, "id"), hidden(form, "seen"));
        let fields =
            [("id", &*id), ("seen", &seen), ("dag", "2026-03-12"), ("tid", "09:30"), ("gjor", "send")];
        answers.push(region.hospital.post_form(&path, &fields).await.status);
    }
    assert_eq!(answers, [303, 409]);
    let discharged = region.log(&case).await.entries.iter().filter(|it| it.kind == "utskrevet").count();
    assert_eq!(discharged, 1);
}

#[tokio::test]
async fn two_who_cancel_at_once_cancel_once() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let position = region.log(&case).await.entries[0].position.0;
    let path = format!("/opphold/{case}/endre/{position}");
    let forms = [region.hospital.get(&path).await, region.hospital.get(&path).await];
    let ids = forms.map(|form| hidden(&form, "id"));
    let fields = ids.each_ref().map(|id| [("id", id.as_str())]);
    let (first, second) = tokio::join!(
        region.hospital.post_form(&path, &fields[0]),
        region.hospital.post_form(&path, &fields[1])
    );
    assert_eq!([first.status, second.status], [303, 303]);
    assert_eq!(region.log(&case).await.entries.len(), 2, "{:?}", region.log(&case).await);
}

#[tokio::test]
async fn a_point_that_a_person_ticks_off_is_in_the_form_already() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let stay = region.hospital.get(&format!("/opphold/{case}")).await.text();
    let start = format!("/opphold/{case}/skriv/sjekkpunkt?punkt=");
    let point = stay.split(&start).nth(1).expect("a point for a person").split('"').next().unwrap();
    let form = region.hospital.get(&format!("{start}{point}")).await;
    assert!(form.text().contains(&format!(">{point}</textarea>")), "{}", form.text());
    assert_eq!(region.hospital.get(&format!("{start}finnes-ikke")).await.status, 404);
}

#[tokio::test]
async fn a_stay_leads_to_its_meetings_its_drafts_and_what_of_ones_own_can_be_put_right() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    let links = |text: &str, part: &str| text.matches(&format!("href=\"/opphold/{case}{part}")).count();
    let own = region.hospital.get(&format!("/opphold/{case}?gjort=skrevet")).await.text();
    assert!(own.contains("Det er skrevet.") && own.contains("href=\"/kladder\""), "{own}");
    assert_eq!((links(&own, "/mote\""), links(&own, "/endre/")), (1, 2), "{own}");
    let theirs = region.municipality.get(&format!("/opphold/{case}")).await.text();
    assert_eq!(links(&theirs, "/endre/"), 0, "what the other side wrote is the other side's");
}

#[tokio::test]
async fn a_form_is_filled_from_health_information_only_where_the_writer_may_read_all_messages() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    region.write(&region.hospital, &case, "helseopplysninger", "2026-03-12T10:00", crate::way::UPDATE).await;
    let path = format!("/opphold/{case}/skriv/utskrivningsklar");
    let filled = async || region.hospital.get(&path).await.text().contains("de siste helseopplysningene");
    assert!(filled().await);
    let between = Entry {
        from: Some(region.t.first.clone()),
        to: Some(region.t.second.clone()),
        ..Entry::new(case.clone(), "helseopplysninger", Position(0), region.t.now())
    };
    region.t.append(vec![between]).await;
    assert!(!filled().await, "the latest one may be what others told each other");
}
