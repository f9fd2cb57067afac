//! Files that go with a message: attached by a form, seen over, and saved by who gets it.

use axum::http::Method;
use samspill_store::{Direction, MessageFilter, MessageNumber};

use crate::{
    desk::{Region, hidden},
    support::{Answer, ORIGIN, User},
    way::{EARLY, UPDATE},
};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\nrest";
const BOUNDARY: &str = "grense-mellom-deler";

/// Sends a form with files, as browsers do.
async fn post(user: &User, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
    let token = user.signed.as_ref().unwrap().form_token.clone();
    let mut body = Vec::new();
    for (name, text) in fields.iter().chain(&[("_token", &*token)]) {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"vedlegg\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let sort = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("content-type", &*sort), ("accept", "text/html"), ("origin", ORIGIN)];
    user.request(Method::POST, path, &headers, body).await
}

/// The files of all messages that were sent, by kind of message.
async fn sent(region: &Region) -> Vec<(String, usize)> {
    let parts = region.t.app.parts();
    let out = MessageFilter { direction: Some(Direction::Out), ..MessageFilter::default() };
    let lines = parts.store.messages(&parts.community, &out, MessageNumber(0), 1_000).await.unwrap();
    let mut sent = Vec::new();
    for line in lines {
        let kept = parts.store.message(&parts.community, line.number).await.unwrap().unwrap();
        let files = parts.mailroom.read(&kept).unwrap().attachments.len();
        sent.push((line.kind, files));
    }
    sent
}

struct Begun {
    region: Region,
    case: String,
    path: String,
    id: String,
    seen: String,
}

/// An open form for a kind of message.
async fn begun(kind: &str) -> Begun {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/skriv/{kind}");
    let form = region.hospital.get(&path).await;
    assert!(form.text().contains("name=\"vedlegg\"") && form.text().contains("multipart/form-data"));
    let (id, seen) = (hidden(&form, "id"), hidden(&form, "seen"));
    Begun { region, case, path, id, seen }
}

#[tokio::test]
async fn a_file_is_seen_over_sent_and_saved_by_who_gets_it() {
    let Begun { region, path, id, seen, .. } = begun("tidligmelding").await;
    let own = [("id", &*id), ("seen", &*seen), ("gjor", "vis")];
    let files = [("C:\\skjema\\Brev|1.pdf", PDF), ("bilde.pdf", PNG)];
    let preview = post(&region.hospital, &path, &[EARLY, &own].concat(), &files).await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    let kept = [hidden(&preview, "v_000"), hidden(&preview, "v_001")];
    assert!(preview.text().contains("Brev1.pdf"), "{}", preview.text());
    let fields = [("id", &*id), ("seen", &*seen), ("v_000", &*kept[0]), ("v_001", &*kept[1])];
    let edit = [EARLY, &fields, &[("gjor", "endre")]].concat();
    let again = region.hospital.post_form(&path, &edit).await.text();
    assert!(again.contains("Brev1.pdf") && again.contains("image/png"), "{again}");
    let done = region.hospital.post_form(&path, &[EARLY, &fields, &[("gjor", "send")]].concat()).await;
    assert_eq!(done.status, 303, "{}", done.text());
    region.deliver().await;
    let parts = region.t.app.parts();
    let came = MessageFilter { direction: Some(Direction::In), ..MessageFilter::default() };
    let lines = parts.store.messages(&parts.community, &came, MessageNumber(0), 1_000).await.unwrap();
    let number = lines.iter().rfind(|line| line.kind == "HELSEOPPL_SOKNAD").unwrap().number;
    let page = region.municipality.get(&format!("/melding/{number}")).await.text();
    assert!(page.contains("Brev1.pdf"), "{page}");
    for (place, bytes, kind) in [(1, PDF, "application/pdf"), (2, PNG, "image/png")] {
        let file = region.municipality.get(&format!("/melding/{number}/vedlegg/{place}")).await;
        assert_eq!((file.status, &*file.body, file.header("content-type")), (200, bytes, kind));
        assert!(file.header("content-disposition").starts_with("attachment;"));
    }
}

#[tokio::test]
async fn what_is_called_pdf_and_isnt_is_told_of_and_nothing_is_sent() {
    let Begun { region, case, path, id, seen } = begun("tidligmelding").await;
    let entries = region.log(&case).await.entries;
    let own = [("id", &*id), ("seen", &*seen), ("gjor", "send")];
    let large = [PDF, &vec![b' '; 18 << 20]].concat();
    let wrong: [(&str, &[u8], &str); 3] = [
        ("skript.pdf", b"<script>alert(1)</script>", "verken PDF"),
        ("tom.pdf", b"", "verken PDF"),
        ("stor.pdf", &large, "18 MB"),
    ];
    for (name, bytes, says) in wrong {
        let answer =
            post(&region.hospital, &path, &[EARLY, &own].concat(), &[(name, bytes), ("b.png", PNG)]).await;
        let text = answer.text();
        assert_eq!(answer.status, 200, "{name}");
        assert!(text.contains(says) && text.contains(name), "{name}: {text}");
        assert!(text.contains("Operert, i bedring.") && text.contains("b.png"), "the rest is kept: {text}");
    }
    assert_eq!(region.log(&case).await.entries, entries);
}

#[tokio::test]
async fn a_file_that_no_form_made_is_refused() {
    let Begun { region, path, id, seen, .. } = begun("tidligmelding").await;
    for value in ["x", "brev.pdf|!!!", "brev.pdf|PHNjcmlwdD4", "|"] {
        for how in ["vis", "send", "endre"] {
            let fields = [("id", &*id), ("seen", &*seen), ("v_000", value), ("gjor", how)];
            assert_eq!(region.hospital.post_form(&path, &fields).await.status, 422, "{value} {how}");
        }
    }
}

#[tokio::test]
async fn files_go_with_the_message_itself_and_not_with_what_is_sent_before_it() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    region.write(&region.hospital, &case, "helseopplysninger", "2026-03-12T10:00", UPDATE).await;
    let before = sent(&region).await.len();
    let path = format!("/opphold/{case}/skriv/utskrivningsklar");
    let form = region.hospital.get(&path).await;
    let (id, seen) = (hidden(&form, "id"), hidden(&form, "seen"));
    let new = [("f_uavklart", "Noe nytt."), ("id", &*id), ("seen", &*seen), ("gjor", "send")];
    let done = post(&region.hospital, &path, &new, &[("brev.pdf", PDF)]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let files: Vec<usize> = sent(&region).await.into_iter().skip(before).map(|(_, files)| files).collect();
    assert_eq!(files, [0, 1], "health information first, then the notice");
}

#[tokio::test]
async fn what_is_registered_and_not_sent_takes_no_files_and_a_draft_keeps_them() {
    let Begun { region, case, path, id, seen } = begun("tidligmelding").await;
    let event = region.hospital.get(&format!("/opphold/{case}/skriv/samarbeidsmote")).await.text();
    assert!(!event.contains("name=\"vedlegg\""));
    let own = [("id", &*id), ("seen", &*seen), ("gjor", "kladd")];
    let kept = post(&region.hospital, &path, &[EARLY, &own].concat(), &[("brev.pdf", PDF)]).await;
    assert_eq!(kept.header("location"), "/kladder?gjort=lagret");
    let list = region.hospital.get("/kladder").await.text();
    let href = list.split("href=\"").find(|it| it.contains("kladd=")).unwrap().split('"').next().unwrap();
    let again = region.hospital.get(&href.replace("&amp;", "&").replace("&#38;", "&")).await.text();
    assert!(again.contains("brev.pdf"), "{again}");
}
