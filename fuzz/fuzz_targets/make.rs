//! Drafts: whatever the text, it is refused with reasons, or a message is made that its schema takes and that reads.
#![no_main]

use samspill_formats::{
    messages::{
        Severity,
        make::{MakeContext, from_json},
        model,
        read::{self, MessageLimits},
        types::Kind,
    },
    xml::{XmlLimits, parse},
};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let context =
        MakeContext { id: "0d3b1a52-7a64-4f0e-9d0f-3f1f7f3c0001", made: jiff::Timestamp::UNIX_EPOCH };
    for kind in Kind::all() {
        match from_json(kind, text, &context) {
            Ok(made) => is_a_message(kind, &made.xml),
            Err(refused) => assert!(!refused.findings.is_empty() && !refused.to_string().is_empty()),
        }
    }
});

fn is_a_message(kind: Kind, written: &str) {
    let document = parse(written, &XmlLimits::default()).unwrap_or_else(|error| panic!("{error}: {written}"));
    let faults = model::check(&document);
    assert!(faults.is_empty(), "{faults:?}: {written}");
    let (message, findings) = read::read(&document, &MessageLimits::default());
    assert!(findings.iter().all(|finding| finding.severity < Severity::Error), "{findings:?}: {written}");
    assert_eq!(message.kind, kind, "{written}");
}
