//! What is pointed out, and what people write with ill will.

use crate::desk::{Region, hidden};

#[tokio::test]
async fn missing_contents_and_promises_are_pointed_out_with_their_clause_and_sent() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let fields = [("f_status", "Stabil. Korttidsplass er bestilt.")];
    let told = region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", &fields).await;
    assert!(told.contains("sier ikke noe om «Innleggelsesårsak»") && told.contains("pkt. 2.2"), "{told}");
    assert!(told.contains("«Korttidsplass er bestilt.»") && told.contains("pkt. 3.1"), "{told}");
    let log = region.log(&case).await;
    let sent = log.entries.iter().rfind(|entry| entry.kind == "tidligmelding").unwrap();
    assert_eq!(sent.field("status").unwrap().to_string(), "Stabil. Korttidsplass er bestilt.");
}

#[tokio::test]
async fn a_ready_notice_that_would_be_void_says_so_before_it_goes() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let form = region.hospital.get(&format!("/opphold/{case}/skriv/utskrivningsklar")).await.text();
    assert!(form.contains("Meldingen regnes som ikke gitt"), "{form}");
    let told = region.write(&region.hospital, &case, "utskrivningsklar", "2026-03-09T10:00", &[]).await;
    assert!(told.contains("Uten tidligmelding først gjelder ikke meldingen"), "{told}");
}

#[tokio::test]
async fn hostile_text_is_shown_as_text_everywhere() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let evil = "<script>alert(1)</script> \"><img src=x onerror=alert(1)> {{ 7*7 }} \u{202e}";
    let fields = [("f_status", evil), ("til", evil), ("f_arsak", evil)];
    let told = region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", &fields).await;
    assert!(!told.contains("<script>alert") && !told.contains("<img src=x"), "{told}");
    assert!(told.contains("&#60;script&#62;") || told.contains("&lt;script&gt;"), "{told}");
    let path = format!("/opphold/{case}/skriv/tidligmelding");
    let form = region.hospital.get(&path).await;
    let all = [
        ("id", &*hidden(&form, "id")),
        ("seen", evil),
        ("dag", evil),
        ("f_status", evil),
        ("gjor", "endre"),
        ("retter", evil),
    ];
    let again = region.hospital.post_form(&path, &all).await;
    assert_eq!(again.status, 200);
    assert!(!again.text().contains("<script>alert"), "{}", again.text());
    let odd = [("id", "no-id"), ("gjor", "send")];
    assert_eq!(region.hospital.post_form(&path, &odd).await.status, 422);
}
