//! A message from a stranger: whatever the bytes, it is opened, answered, shown and mapped to the log, and every receipt that
//! goes out is one by its schema.
#![no_main]

use jiff::Timestamp;
use samspill_formats::{
    messages::{
        Finding, model, profile,
        read::{self, MessageLimits},
        show::{self, Language},
        types::Message,
    },
    xml::{Document, XmlLimits, decode, parse, write},
};
use samspill_service::exchange::{
    meaning::{Context, Directory, Known, entries},
    receipts::{
        Decision, Incoming, Opened, OwnId, OwnOrganisation, OwnParty, Recipients, SchemaFaults, decide, open,
    },
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = XmlLimits::default();
    let opened = open(bytes, &limits, &MessageLimits::default());
    answer(&opened);
    let Ok(text) = decode(bytes, &limits) else {
        assert!(opened.fault.is_some());
        return;
    };
    if let Ok(document) = parse(&text, &limits) {
        assert!(opened.fault.is_none());
        take(&document, opened.message.as_ref().expect("a document that is read is a message"));
    }
});

/// Everything else that is done with a message that could be read.
fn take(document: &Document<'_>, message: &Message) {
    model::check(document).iter().chain(&profile::check(document, message)).for_each(has_a_place);
    for language in [Language::Bokmal, Language::Nynorsk, Language::English] {
        let shown = show::text(document, message, language);
        assert!(!shown.chars().any(|it| it.is_control() && it != '\n'), "{shown}");
        let html = show::html(document, message, language);
        let wide = XmlLimits { bytes_max: 1 << 29, depth_max: 1000, ..XmlLimits::default() };
        parse(&html, &wide).unwrap_or_else(|error| panic!("{error}: {html}"));
    }
    let (known, directory) = (Known::default(), Directory::default());
    entries(message, &Context::new(&known, &directory));
}

fn has_a_place(finding: &Finding) {
    assert!(
        finding.path.starts_with('/') && finding.place.line >= 1 && !finding.text.is_empty(),
        "{finding}"
    );
}

/// The receipts of all to whom it is addressed, as if they were ours, and whether its schema is held against it or not.
fn answer(opened: &Opened) {
    let Some(message) = &opened.message else { return };
    for schema_faults in [SchemaFaults::Reject, SchemaFaults::Accept] {
        let mut ours = addressees(message);
        ours.policy.schema_faults = schema_faults;
        let decision = decide(&Incoming::first(opened), &ours);
        assert!(!decision.explain().is_empty());
        let Decision::Receipts(answers) = decision else { continue };
        for answer in answers {
            let id = "11111111-2222-4333-8444-555555555555";
            let receipt = answer.receipt(message, Some(("Samspill", "1")), id, Timestamp::UNIX_EPOCH);
            is_a_receipt(&write(&receipt.expect("nobody is asked by this policy")));
        }
    }
}

fn is_a_receipt(written: &str) {
    let wide = XmlLimits { bytes_max: 1 << 29, ..XmlLimits::default() };
    let document = parse(written, &wide).unwrap_or_else(|error| panic!("{error}: {written}"));
    let faults = model::check(&document);
    assert!(faults.is_empty(), "{faults:?}: {written}");
    let (_, findings) = read::read(&document, &MessageLimits::default());
    assert!(findings.is_empty(), "{findings:?}: {written}");
}

fn addressees(message: &Message) -> Recipients {
    let others = message.head.others.iter().map(|other| &other.party);
    let parties = std::iter::once(&message.head.receiver).chain(others).take(10);
    let organisations = parties.filter_map(|party| {
        let mut levels = party.levels.iter().map(|level| {
            let own =
                level.ids.iter().map(|id| OwnId { kind: id.kind.value.clone(), value: id.value.clone() });
            own.collect::<Vec<_>>()
        });
        let ids = levels.next()?;
        let parties = levels.map(|ids| OwnParty { ids, ..OwnParty::default() }).collect();
        Some(OwnOrganisation { ids, parties, ..OwnOrganisation::default() })
    });
    Recipients { organisations: organisations.collect(), ..Recipients::default() }
}
