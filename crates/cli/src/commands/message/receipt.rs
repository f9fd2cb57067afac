//! `samspill message receipt`: the receipt that we would send.

use std::{io::Write, process::ExitCode};

use samspill_formats::{
    messages::{
        read::MessageLimits,
        types::{Id, Message, Party, Unit},
    },
    xml::{XmlLimits, write},
};
use samspill_service::exchange::receipts::{
    Answer, Decision, Incoming, Opened, OwnId, OwnOrganisation, OwnParty, Recipients, decide, open,
};

use super::{args::Receipt, input, when};
use crate::{output, trouble::Trouble};

/// Writes the receipt; what it says, or why there is none, goes to standard error. One who is several receivers of a message
/// sends several receipts: then only the first is written, and that is said.
pub(crate) fn run(args: &Receipt) -> Result<ExitCode, Trouble> {
    let xml = XmlLimits::default();
    let opened = open(&input::bytes(&args.file, &xml)?, &xml, &MessageLimits::default());
    if let Some(fault) = &opened.fault {
        output::note(&format!("{}: {}", args.file.display(), output::clean(&fault.to_string())));
    }
    let ours = if args.ours.is_empty() { addressees(&opened) } else { of_her_ids(&args.ours) };
    let decision = decide(&Incoming::first(&opened), &ours);
    decision.explain().iter().for_each(|line| output::note(&output::clean(line)));
    match (&decision, &opened.message) {
        (Decision::Receipts(answers), Some(message)) => send(args, message, answers),
        (Decision::Receipts(_) | Decision::None(_), _) => Ok(ExitCode::SUCCESS),
    }
}

fn send(args: &Receipt, message: &Message, answers: &[Answer]) -> Result<ExitCode, Trouble> {
    let (id, made) = (when::id(args.id.as_deref())?, when::time(args.at.as_deref())?);
    let software = Some(("Samspill", env!("CARGO_PKG_VERSION")));
    let receipt = answers.iter().find_map(|answer| answer.receipt(message, software, &id, made));
    let Some(receipt) = receipt else { return Ok(ExitCode::SUCCESS) };
    if answers.len() > 1 {
        output::note(
            "More than one of the receivers is ours: the first one's receipt is written. Name one with --as.",
        );
    }
    let mut out = output::to(args.out.as_deref())?;
    out.write_all(write(&receipt).as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// All to whom the message is addressed, as if they were ours.
fn addressees(opened: &Opened) -> Recipients {
    let Some(message) = &opened.message else { return Recipients::default() };
    let others = message.head.others.iter().map(|other| &other.party);
    let organisations =
        std::iter::once(&message.head.receiver).chain(others).filter_map(organisation).collect();
    Recipients { organisations, ..Recipients::default() }
}

fn organisation(party: &Party) -> Option<OwnOrganisation> {
    let own = |id: &Id| OwnId { kind: id.kind.value.clone(), value: id.value.clone() };
    let ids = |unit: &Unit| unit.ids.iter().map(own).collect::<Vec<_>>();
    let (first, rest) = party.levels.split_first()?;
    let parties = rest.iter().map(|unit| OwnParty { ids: ids(unit), ..OwnParty::default() }).collect();
    Some(OwnOrganisation { ids: ids(first), parties, ..OwnOrganisation::default() })
}

/// Each HER-id both as an organisation and as a service: which of them it is, the message tells.
fn of_her_ids(ids: &[String]) -> Recipients {
    let own = |id: &String| OwnId { kind: "HER".to_owned(), value: id.clone() };
    let parties: Vec<OwnParty> =
        ids.iter().map(|id| OwnParty { ids: vec![own(id)], ..OwnParty::default() }).collect();
    let organisation =
        OwnOrganisation { ids: ids.iter().map(own).collect(), parties, ..OwnOrganisation::default() };
    Recipients { organisations: vec![organisation], ..Recipients::default() }
}
