//! Receipts as they go out follow their schema, in both versions, and are read again as what they say.

use std::{fs, path::Path, process::Command};

use crate::lxml;
use crate::support::{message, message_names, opened, organisation, recipients, replaced};
use samspill_formats::{
    messages::{model, types::Body},
    xml::{XmlLimits, parse, write},
};
use samspill_service::exchange::receipts::{Decision, Incoming, Recipients, Verdict, decide};

fn ours() -> Recipients {
    recipients(vec![
        organisation(&["HER 8200001"], &["HER 8200101", "HER 8200102"]),
        organisation(&["HER 8100001"], &["HER 8100101"]),
        organisation(&["HER 8300001"], &["HER 8300101"]),
    ])
}

/// All receipts for all messages of ours: accepted, rejected, broken, with odd ids and times.
fn receipts() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for name in message_names() {
        let text = message(&name);
        if !text.contains("<MsgInfo>") {
            continue;
        }
        let no_patient = replaced(&text, "<Patient>", "</Patient>", "<Patient/>");
        let no_guid = replaced(&text, "<MsgId>", "</MsgId>", "<MsgId>&lt;1&gt;</MsgId>");
        let no_time = replaced(&text, "<GenDate>", "</GenDate>", "<GenDate>i går</GenDate>");
        let odd =
            text.replace("sykepleietjeneste", "A & B").replacen("<Id>8200101</Id>", "<Id>8200199</Id>", 2);
        let cut = text[..text.find("<Document>").unwrap()].to_owned();
        for (kind, text) in [
            ("hel", text),
            ("uten-pasient", no_patient),
            ("uten-guid", no_guid),
            ("uten-tid", no_time),
            ("rar", odd),
            ("kuttet", cut),
        ] {
            all.extend(of(&text).into_iter().map(|receipt| (format!("{name}-{kind}"), receipt)));
        }
    }
    assert!(all.len() > 60, "{}", all.len());
    all
}

fn of(text: &str) -> Vec<String> {
    let opened = opened(text.as_bytes());
    let Decision::Receipts(answers) = decide(&Incoming::first(&opened), &ours()) else { return Vec::new() };
    let message = opened.message.as_ref().unwrap();
    let made = "2026-10-25T00:30:00Z".parse().unwrap();
    let receipts = answers.iter().filter_map(|answer| {
        let id = "0d4f7a51-7a52-4f0d-8a21-3cb6f5f0a001";
        let receipt = write(&answer.receipt(message, Some(("Samspill", "0.1.0")), id, made)?);
        says_what_was_decided(&receipt, &answer.verdict, &message.head.id);
        Some(receipt)
    });
    receipts.collect()
}

fn says_what_was_decided(receipt: &str, verdict: &Verdict, original: &str) {
    let read = opened(receipt.as_bytes()).message.unwrap();
    let Body::Receipt(body) = read.body else { panic!("{receipt}") };
    assert_eq!(body.original_id, original);
    let codes: Vec<&str> = body.errors.iter().map(|error| error.value.as_str()).collect();
    match verdict {
        Verdict::Accept => assert_eq!((body.status.value.as_str(), codes), ("1", vec![])),
        Verdict::Reject(refusals) => {
            let expected: Vec<&str> = refusals.iter().map(|refusal| refusal.reason.code()).collect();
            assert_eq!((body.status.value.as_str(), codes), ("2", expected));
            assert!(body.errors.iter().all(|error| !error.original.is_empty()));
        }
        Verdict::Ask => panic!("nothing is sent"),
    }
}

#[test]
fn every_receipt_follows_its_schema() {
    for (name, receipt) in receipts() {
        let document = parse(&receipt, &XmlLimits::default()).unwrap();
        let findings = model::check(&document);
        assert!(findings.is_empty(), "{name}: {findings:?}\n{receipt}");
    }
}

/// The same with the official schemas, where they and a validator are there.
#[test]
fn every_receipt_follows_the_official_schema() {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/tools/check_kith.py");
    if !tool.is_file() {
        println!("skipped: the official schemas are missing");
        return;
    }
    let Some(python) = lxml::python() else { return };
    let folder = tempfile();
    let files: Vec<_> = receipts()
        .into_iter()
        .enumerate()
        .map(|(place, (name, receipt))| {
            let path = folder.join(format!("{place}-{name}.xml"));
            fs::write(&path, receipt).unwrap();
            path
        })
        .collect();
    let output = Command::new(python).arg(tool).args(&files).output().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// A folder of this run's.
fn tempfile() -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("samspill-receipts-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}
