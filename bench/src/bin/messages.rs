//! Messages: read, held to the schema, turned into entries and receipted.
//!
//! `messages FOLDER TIMES LARGEST`: every `.xml` in the folder and below of at most so many bytes, so many times over; those
//! of the transport (`ebxml`) are left out. A verdict is one byte for each: whether the schema is followed.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use samspill_bench::{Trouble, side};
use samspill_formats::{
    messages::{read::MessageLimits, types::Unit},
    xml::XmlLimits,
};
use samspill_service::exchange::{
    meaning::{Context, Directory, Known, entries},
    receipts::{Decision, Incoming, OwnId, OwnOrganisation, OwnParty, Recipients, decide, open},
};
use serde_json::{Value, json};

/// The allocator of the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Messages<'a> {
    documents: Vec<Vec<u8>>,
    times: usize,
    ours: Recipients,
    context: Context<'a>,
    valid: Vec<u8>,
    written: usize,
}

impl side::Side for Messages<'_> {
    fn run(&mut self) -> Result<Value, Trouble> {
        for _ in 0..self.times {
            self.valid.clear();
            for document in &self.documents {
                let (is_valid, written) = taken(document, &self.ours, &self.context);
                self.valid.push(u8::from(is_valid));
                self.written += written;
            }
        }
        Ok(json!({ "written": self.written }))
    }

    fn verdicts(&self) -> &[u8] {
        &self.valid
    }

    fn facts(&self) -> Value {
        json!({ "cases": self.times * self.documents.len() })
    }
}

/// All that a message asks for; whether it follows its schema, and how much was made of it.
fn taken(bytes: &[u8], ours: &Recipients, context: &Context<'_>) -> (bool, usize) {
    let opened = open(bytes, &XmlLimits::default(), &MessageLimits::default());
    let mut written = 0;
    if let Some(message) = &opened.message {
        written += entries(message, context).entries.len();
        if let Decision::Receipts(answers) = decide(&Incoming::first(&opened), ours) {
            let receipts = answers
                .iter()
                .filter_map(|answer| answer.receipt_text(message, None, ID, Timestamp::UNIX_EPOCH));
            written += receipts.map(|receipt| receipt.len()).sum::<usize>();
        }
    }
    (opened.fault.is_none() && opened.schema.is_empty(), written)
}

const ID: &str = "5f0b1c9e-3d6a-4f0e-9d0f-3f1f7f3c0001";

/// All who the messages are for are ours, so that each gets its receipt. An organisation is one, whichever of its services is
/// written to.
fn addressees(documents: &[Vec<u8>]) -> Recipients {
    let mut organisations: Vec<OwnOrganisation> = Vec::new();
    for bytes in documents {
        let opened = open(bytes, &XmlLimits::default(), &MessageLimits::default());
        let Some(message) = opened.message else { continue };
        let Some((first, rest)) = message.head.receiver.levels.split_first() else { continue };
        let ids = own_ids(first);
        let place = organisations.iter().position(|known| known.ids == ids).unwrap_or_else(|| {
            organisations.push(OwnOrganisation { ids, ..OwnOrganisation::default() });
            organisations.len() - 1
        });
        for party in rest.iter().map(|unit| OwnParty { ids: own_ids(unit), ..OwnParty::default() }) {
            if !organisations[place].parties.contains(&party) {
                organisations[place].parties.push(party);
            }
        }
    }
    Recipients { organisations, ..Recipients::default() }
}

fn own_ids(unit: &Unit) -> Vec<OwnId> {
    unit.ids.iter().map(|id| OwnId { kind: id.kind.value.clone(), value: id.value.clone() }).collect()
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) -> Result<(), Trouble> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "ebxml") {
            files(&path, all)?;
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            all.push(path);
        }
    }
    Ok(())
}

fn main() -> Result<(), Trouble> {
    let usage = "messages FOLDER TIMES LARGEST";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, times, largest] = &arguments[..] else { return Err(usage.into()) };
    let (times, largest) = (times.parse()?, largest.parse::<usize>()?);
    let mut paths = Vec::new();
    files(Path::new(folder), &mut paths)?;
    paths.sort();
    let all: Vec<Vec<u8>> = paths.iter().map(std::fs::read).collect::<Result<_, _>>()?;
    let documents: Vec<Vec<u8>> = all.into_iter().filter(|document| document.len() <= largest).collect();
    let ours = addressees(&documents);
    let (known, directory) = (Known::default(), Directory::default());
    let context = Context::new(&known, &directory);
    side::serve(&mut Messages { documents, times, ours, context, valid: Vec::new(), written: 0 })
}
