//! Takes a document through everything that a message from a stranger goes through.

use jiff::Timestamp;
use samspill_formats::{
    messages::{
        Finding,
        ids::SyntheticPolicy,
        model, profile,
        read::{self, MessageLimits},
        show::{self, Language},
        types::Message,
    },
    xml::{self, Document, XmlLimits},
};
use samspill_service::exchange::{
    meaning::{Context, Directory, Known, entries},
    receipts::{
        Decision, Incoming, Opened, OwnId, OwnOrganisation, OwnParty, Recipients, Verdict, decide, open,
    },
};

/// Limits for what is written here of what was read: escaping makes it longer.
pub(crate) fn wide() -> XmlLimits {
    XmlLimits {
        bytes_max: 1 << 29,
        depth_max: 2_000,
        elements_max: 10_000_000,
        attributes_max: 10_000,
        ..XmlLimits::default()
    }
}

/// Those that our test messages are for.
pub(crate) fn ours() -> Recipients {
    let id = |value: &str| OwnId { kind: "HER".into(), value: value.into() };
    let organisation = |outer: &str, inner: &[&str]| OwnOrganisation {
        ids: vec![id(outer)],
        parties: inner.iter().map(|one| OwnParty { ids: vec![id(one)], ..OwnParty::default() }).collect(),
        ..OwnOrganisation::default()
    };
    let organisations =
        vec![organisation("8100001", &["8100101"]), organisation("8200001", &["8200101", "8200102"])];
    Recipients { organisations, ..Recipients::default() }
}

pub(crate) fn opened(bytes: &[u8]) -> Opened {
    open(bytes, &XmlLimits::default(), &MessageLimits::default())
}

/// What is answered, in short: `none`, `ok`, `T01`, `T02 E10`. Each receipt is written, and must be one.
pub(crate) fn answered(opened: &Opened) -> String {
    let decision = decide(&Incoming::first(opened), &ours());
    let (Decision::Receipts(answers), Some(message)) = (&decision, &opened.message) else {
        return "none".into();
    };
    let mut all = Vec::new();
    for answer in answers {
        let id = "6f0c3f2e-5d0b-4c39-9a55-0f6f3a5b7c11";
        if let Some(receipt) = answer.receipt(message, Some(("Samspill", "1")), id, Timestamp::UNIX_EPOCH) {
            check_receipt(&xml::write(&receipt));
        }
        all.push(match &answer.verdict {
            Verdict::Accept => "ok".to_owned(),
            Verdict::Ask => "ask".to_owned(),
            Verdict::Reject(refusals) => {
                let codes: Vec<String> = refusals.iter().map(|it| it.to_code().value).collect();
                codes.join(" ")
            }
        });
    }
    all.join(", ")
}

fn check_receipt(text: &str) {
    let document = xml::parse(text, &wide()).unwrap_or_else(|error| panic!("a receipt isn't XML: {error}"));
    let faults: Vec<String> =
        model::check(&document).iter().map(|it| it.to_string().chars().take(300).collect()).collect();
    assert!(faults.is_empty(), "a receipt breaks its schema: {faults:#?}");
    let (_, findings) = read::read(&document, &MessageLimits::default());
    assert!(findings.is_empty(), "a receipt can't be read: {findings:#?}");
}

/// The steps after parsing, each with what it makes: how many findings or characters.
pub(crate) type Step = (&'static str, fn(&Document<'_>, &Message) -> Made);

pub(crate) struct Made {
    pub(crate) findings: Vec<Finding>,
    pub(crate) bytes: usize,
}

impl Made {
    fn findings(findings: Vec<Finding>) -> Self {
        let bytes = findings.iter().map(|it| it.text.len() + it.path.len()).sum();
        Self { findings, bytes }
    }

    fn bytes(bytes: usize) -> Self {
        Self { findings: Vec::new(), bytes }
    }
}

pub(crate) const STEPS: [Step; 7] = [
    ("read", |document, _| Made::findings(read::read(document, &MessageLimits::default()).1)),
    ("model::check", |document, _| Made::findings(model::check(document))),
    ("profile::check", |document, message| {
        Made::findings(profile::check(document, message, SyntheticPolicy::Allow))
    }),
    ("show::text", |document, message| Made::bytes(show::text(document, message, Language::Bokmal).len())),
    ("show::html", |document, message| {
        let html = show::html(document, message, Language::Nynorsk);
        xml::parse(&html, &wide()).unwrap_or_else(|error| panic!("the HTML isn't XML: {error}"));
        Made::bytes(html.len())
    }),
    ("write", |document, _| {
        let text = xml::write_document(document);
        let again =
            xml::parse(&text, &wide()).unwrap_or_else(|error| panic!("what is written isn't read: {error}"));
        assert_eq!(xml::write_document(&again).len(), text.len());
        Made::bytes(text.len())
    }),
    ("entries", |_, message| {
        let (known, directory) = (Known::default(), Directory::default());
        let mapped = entries(message, &Context::new(&known, &directory));
        Made::bytes(mapped.entries.len() + mapped.questions.len() + mapped.remarks.len())
    }),
];
