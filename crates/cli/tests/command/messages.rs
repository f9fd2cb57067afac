//! `samspill message`: on messages of our own, and on the official ones where they are at hand.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::support::{file, json_lines, reference, root, samspill, stderr, stdout};

fn message(name: &str) -> String {
    root().join("crates/formats/tests/data/messages").join(name).display().to_string()
}

fn stay() -> String {
    message("opphold")
}

#[test]
fn a_message_is_shown_as_people_read_it() {
    let path = message("opphold/05-utskrivningsklar.xml");
    let shown = stdout(&samspill(["message", "show", &path]).success());
    assert!(shown.contains("utskrivningsklar"), "{shown}");
    assert!(!shown.contains("TidsfestetHendelse"), "{shown}");
    let page = stdout(&samspill(["message", "show", &path, "--html", "--lang", "nn"]).success());
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("lang=\"nn\""), "{page}");
    let (_folder, broken) = file("melding.xml", "<MsgHead><MsgInfo>");
    let run = samspill(["message", "show", &broken.display().to_string()]).code(1);
    assert!(stderr(&run).contains("the document ends before `MsgInfo` does"), "{}", stderr(&run));
}

#[test]
fn findings_have_place_path_and_clause_and_only_a_broken_schema_fails() {
    let path = message("opphold/05-utskrivningsklar.xml");
    let clean = samspill(["message", "check", &path, "--least", "warning"]).success();
    assert_eq!(stdout(&clean), "");
    let text = fs::read_to_string(&path).expect("the message");
    let lacking = text.replacen("<MIGversion>v1.2 2006-05-24</MIGversion>", "", 1);
    assert_ne!(lacking, text);
    let (_folder, broken) = file("melding.xml", &lacking);
    let broken = broken.display().to_string();
    let run = samspill(["message", "check", &broken, "--format", "json"]).code(1);
    let found = json_lines(&stdout(&run));
    let fault = found.iter().find(|line| line["severity"] == "error").expect("a fault");
    assert_eq!(fault["code"], "missing-element");
    assert!(fault["path"].as_str().is_some_and(|path| path.starts_with("/MsgHead/MsgInfo")), "{fault}");
    assert!(fault["line"].as_u64().is_some_and(|line| line > 1), "{fault}");
    // A folder is all that is in it, and a file that isn't XML is a finding like others.
    let (folder, _) = file("a.xml", "<a>");
    let run = samspill(["message", "check", &folder.path().display().to_string(), &path]).code(1);
    assert!(stdout(&run).contains("a.xml:1:4: error[not-xml]: /: "), "{}", stdout(&run));
}

#[test]
fn a_receipt_answers_who_the_message_is_for_and_nobody_else() {
    let path = message("opphold/05-utskrivningsklar.xml");
    let id = "11111111-2222-4333-8444-555555555555";
    let given = ["--id", id, "--at", "2026-03-02T09:30:00Z"];
    let run = samspill(["message", "receipt", &path].into_iter().chain(given)).success();
    let receipt = stdout(&run);
    assert!(receipt.contains("<Status V=\"1\"") && receipt.contains(id), "{receipt}");
    let (_folder, kept) = file("kvittering.xml", &receipt);
    samspill(["message", "check", &kept.display().to_string()]).success();
    let none = samspill(["message", "receipt", &path, "--as", "8999999"]).success();
    assert_eq!(stdout(&none), "");
    assert!(stderr(&none).contains("Ingen av mottakerne er våre"), "{}", stderr(&none));
    let text = fs::read_to_string(&path).expect("the message");
    let (_folder, broken) = file("melding.xml", &text.replacen("<MsgId>", "<MsgId>x", 1));
    let rejected = samspill(["message", "receipt", &broken.display().to_string()]).success();
    assert!(stdout(&rejected).contains("V=\"E10\""), "{}", stdout(&rejected));
    samspill(["message", "receipt", &path, "--id", "nummer 5"]).code(2);
    samspill(["message", "receipt", &path, "--at", "i går"]).code(2);
}

#[test]
fn a_folder_of_messages_becomes_a_log_that_check_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("logg.jsonl").display().to_string();
    let run = samspill(["message", "to-log", &stay(), "--agreement", "unn-2023", "-o", &log]).success();
    let said = stderr(&run);
    assert!(said.contains("1 cases, 2 questions"), "{said}");
    let entries = json_lines(&fs::read_to_string(&log).expect("the log"));
    let kinds: Vec<&str> = entries.iter().filter_map(|entry| entry["kind"].as_str()).collect();
    for kind in [
        "innlagt",
        "melding-om-innlagt-pasient",
        "innleggelsesrapport",
        "tidligmelding",
        "utskrivningsklar",
        "utskrevet",
    ] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    let report = stdout(&samspill(["check", &log, "-a", "unn", "--all"]).success());
    assert!(report.contains("svar-utskrivningsklar") || report.contains("Svar på"), "{report}");
    // The reply is free text: until a person says what it means, the log holds no typed answer.
    let reply = entries.iter().find(|entry| entry["kind"] == "svar-utskrivningsklar").expect("a reply");
    assert_eq!(reply["body"]["svar"], Value::Null);
    let answer = format!("{}=forslag", reply["id"].as_str().expect("an id"));
    let run = samspill(["message", "to-log", &stay(), "--reply", &answer]).success();
    assert!(stderr(&run).contains("1 cases, 1 questions"), "{}", stderr(&run));
    let typed = json_lines(&stdout(&run));
    assert!(typed.iter().any(|entry| entry["body"]["svar"].is_string()), "{typed:?}");
    samspill(["message", "to-log", &stay(), "--reply", "ukjent=kan"]).code(2);
    samspill(["message", "to-log", &stay(), "--reply", "bare-ett-ord"]).code(2);
}

#[test]
fn a_message_is_made_from_data_and_refused_where_it_must_not_be_sent() {
    let data = root().join("crates/formats/tests/data/make");
    let mut files: Vec<PathBuf> =
        fs::read_dir(&data).expect("the data").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for path in files {
        let kind = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        let path = path.display().to_string();
        let Some(slug) = slug(&kind) else { continue };
        let run = samspill(["message", "make", &slug, "--from", &path, "--at", "2026-03-02T10:00"]).success();
        let (_folder, made) = file("melding.xml", &stdout(&run));
        samspill(["message", "check", &made.display().to_string(), "--least", "error"]).success();
    }
    let (_folder, empty) = file("tom.json", "{}");
    let refused =
        samspill(["message", "make", "utskrivningsklar", "--from", &empty.display().to_string()]).code(1);
    assert_eq!(stdout(&refused), "");
    let unknown = samspill(["message", "make", "brev", "--from", "-"]).code(2);
    assert!(stderr(&unknown).contains("utskrivningsklar"), "{}", stderr(&unknown));
}

/// The kind that a file of data is for: its name up to what tells several of a kind apart.
fn slug(name: &str) -> Option<String> {
    use samspill_formats::messages::types::Kind;
    let mut slugs: Vec<&str> = Kind::all().map(Kind::slug).filter(|slug| name.starts_with(slug)).collect();
    slugs.sort_by_key(|slug| slug.len());
    slugs.pop().map(str::to_owned)
}

#[test]
fn the_official_messages_of_a_stay_are_a_case_under_both_agreements() {
    let Some(samples) = reference("standards/plo/samples/plo-1.6") else { return };
    let samples = samples.display().to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("logg.jsonl").display().to_string();
    samspill(["message", "to-log", &samples, "-o", &log]).success();
    for agreement in ["unn", "hmr"] {
        let before = samspill(["check", &log, "-a", agreement]).success();
        assert!(stderr(&before).contains("3 of 3 cases ended before"), "{}", stderr(&before));
        let run = samspill(["check", &log, "-a", agreement, "--newest", "--format", "json"]).success();
        let cases = json_lines(&stdout(&run));
        assert_eq!(cases.len(), 3);
        // One patient is admitted, ready and discharged without an early notice: the notice of being ready is void, and the
        // early notice is a duty that was missed.
        let whole =
            cases.iter().find(|case| case["duties"].as_array().is_some_and(|duties| !duties.is_empty()));
        let whole = whole.expect("a stay with duties");
        let is_missed = |duty: &Value| duty["duty"] == "tidligmelding" && duty["status"] == "missed";
        assert!(
            whole["duties"].as_array().is_some_and(|duties| duties.iter().any(is_missed)),
            "{agreement}: {whole:#?}"
        );
        assert!(whole.to_string().contains("tidligmelding-for-utskrivningsklar"), "{agreement}: {whole:#?}");
    }
}
