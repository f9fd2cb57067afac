//! What the tests of receipts share: messages of ours, changed by text, and decisions in short.

use std::{fs, path::PathBuf};

use samspill_formats::{messages::read::MessageLimits, xml::XmlLimits};
use samspill_service::exchange::receipts::{
    Decision, DirectMail, Incoming, Opened, OwnId, OwnOrganisation, OwnParty, Recipients, Role, Silence,
    System, Verdict, decide, open,
};

/// A message of ours that is checked in.
pub(crate) fn message(name: &str) -> String {
    let path = messages().join(format!("{name}.xml"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of all messages of ours.
pub(crate) fn message_names() -> Vec<String> {
    let files = fs::read_dir(messages()).unwrap().map(|file| file.unwrap().path());
    let mut names: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|end| end == "xml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn messages() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../formats/tests/data/messages")
}

/// A message as it is opened when it comes.
pub(crate) fn opened(bytes: &[u8]) -> Opened {
    open(bytes, &XmlLimits::default(), &MessageLimits::default())
}

/// What is decided for a message that comes for the first time.
pub(crate) fn decided(text: &str, ours: &Recipients) -> String {
    in_short(&decide(&Incoming::first(&opened(text.as_bytes())), ours))
}

/// A decision in short: `PRIM ok, COP E36`, `none not-ours`.
pub(crate) fn in_short(decision: &Decision) -> String {
    match decision {
        Decision::None(silence) => format!("none {}", name(*silence)),
        Decision::Receipts(answers) => {
            let answer = |it: &samspill_service::exchange::receipts::Answer| {
                let role = match it.role {
                    Role::Primary => "PRIM",
                    Role::Copy => "COP",
                };
                format!("{role} {}", verdict(&it.verdict))
            };
            answers.iter().map(answer).collect::<Vec<_>>().join(", ")
        }
    }
}

fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accept => "ok".to_owned(),
        Verdict::Ask => "ask".to_owned(),
        Verdict::Reject(refusals) => {
            refusals.iter().map(|refusal| refusal.reason.code()).collect::<Vec<_>>().join("+")
        }
    }
}

fn name(silence: Silence) -> String {
    serde_json::to_value(silence).unwrap().as_str().unwrap().to_owned()
}

/// `HER 8200001` as an id.
pub(crate) fn id(text: &str) -> OwnId {
    let (kind, value) = text.split_once(' ').unwrap();
    OwnId { kind: kind.to_owned(), value: value.to_owned() }
}

/// An organisation of ours: its ids, then its parties, each `HER 8200101`; `*` among them means that the organisation takes
/// mail itself, and `-HER 8200102` that another system answers.
pub(crate) fn organisation(ids: &[&str], parties: &[&str]) -> OwnOrganisation {
    let party = |text: &&str| match text.strip_prefix('-') {
        Some(text) => OwnParty { ids: vec![id(text)], system: System::Elsewhere },
        None => OwnParty { ids: vec![id(text)], system: System::Here },
    };
    OwnOrganisation {
        ids: ids.iter().map(|text| id(text)).collect(),
        parties: parties.iter().filter(|text| **text != "*").map(party).collect(),
        direct: if parties.contains(&"*") { DirectMail::Taken } else { DirectMail::NeedsService },
    }
}

/// Recipients with these organisations and the policy that the standard advises.
pub(crate) fn recipients(organisations: Vec<OwnOrganisation>) -> Recipients {
    Recipients { organisations, ..Recipients::default() }
}

/// A text with what lies between two marks (marks included) replaced; it must be there.
pub(crate) fn replaced(text: &str, from: &str, until: &str, new: &str) -> String {
    let start = text.find(from).unwrap_or_else(|| panic!("{from} isn't there"));
    let end =
        start + text[start..].find(until).unwrap_or_else(|| panic!("{until} isn't there")) + until.len();
    format!("{}{new}{}", &text[..start], &text[end..])
}
