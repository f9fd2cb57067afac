//! Messages by hand: into the outbox, or in as if a channel had brought them.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use jiff::Timestamp;
use samspill_service::exchange::mailroom::{MailError, Mailroom, Taken};
use samspill_store::IfMissing;
use samspill_transport::Parcel;

use super::{ReceiveArgs, SendArgs, open};
use crate::{output, trouble::Trouble};

/// The channel of messages that somebody takes in by hand.
const BY_HAND: &str = "for-hand";

/// Sends messages.
pub(super) fn send(args: &SendArgs) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&args.node.config)?;
    open::run(async {
        let room = open::mailroom(&config, IfMissing::Create).await?;
        let mut out = output::standard();
        let mut refused = 0;
        for file in &args.files {
            refused += usize::from(!send_one(&room, file, &mut out).await?);
        }
        finish(out, refused, args.files.len(), "sent")
    })
}

/// Sends a message; gives whether it was taken.
async fn send_one(room: &Mailroom, file: &Path, out: &mut dyn Write) -> Result<bool, Trouble> {
    match room.send(&bytes_of(file)?, Timestamp::now()).await {
        Ok(sent) => {
            let how = if sent.is_again { "was sent before" } else { "is in the outbox" };
            let case = sent.case.as_deref().unwrap_or("no case");
            let name = file.display();
            writeln!(out, "{name}: number {}, {}, {} entries; {how}", sent.number.0, case, sent.entries)?;
            for remark in &sent.remarks {
                writeln!(out, "  {}", output::clean(remark))?;
            }
            Ok(true)
        }
        Err(MailError::Store(error)) => Err(error.into()),
        Err(error) => {
            output::note(&format!("{}: {}", file.display(), output::clean(&error.to_string())));
            Ok(false)
        }
    }
}

/// Takes messages in.
pub(super) fn receive(args: &ReceiveArgs) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&args.node.config)?;
    open::run(async {
        let room = open::mailroom(&config, IfMissing::Create).await?;
        let mut out = output::standard();
        let mut refused = 0;
        for file in &args.files {
            let bytes = bytes_of(file)?;
            let taken = room.take(&parcel(bytes), BY_HAND, Timestamp::now()).await;
            let taken = taken.map_err(|error| Trouble::Node(error.to_string()))?;
            tell(file, &taken, &mut out)?;
            refused += usize::from(!is_in(&taken));
        }
        finish(out, refused, args.files.len(), "taken in")
    })
}

fn is_in(taken: &Taken) -> bool {
    use samspill_store::Standing;
    match taken.standing {
        Standing::Taken | Standing::Question | Standing::Settled | Standing::Duplicate => true,
        Standing::Conflict | Standing::Refused | Standing::Unreadable | Standing::NotOurs => false,
    }
}

fn tell(file: &Path, taken: &Taken, out: &mut dyn Write) -> Result<(), Trouble> {
    let case = taken.case.as_deref().unwrap_or("no case");
    let again = if taken.is_again { "; was here before" } else { "" };
    writeln!(
        out,
        "{}: number {}, {} {}, {case}, {} entries, {} receipts{again}",
        file.display(),
        taken.number.0,
        output::clean(&taken.kind),
        taken.standing.as_str(),
        taken.entries,
        taken.receipts
    )?;
    for line in taken.why.iter().chain(taken.questions.iter().map(|question| &question.text)) {
        writeln!(out, "  {}", output::clean(line))?;
    }
    Ok(())
}

/// By hand there is no id of a parcel: the same file is the same parcel.
fn parcel(bytes: Vec<u8>) -> Parcel {
    Parcel {
        id: String::new(),
        from: String::new(),
        to: String::new(),
        kind: String::new(),
        message: String::new(),
        conversation: None,
        made: Timestamp::now(),
        bytes,
    }
}

fn bytes_of(file: &Path) -> Result<Vec<u8>, Trouble> {
    let failed = |source| Trouble::File { what: "reading", path: PathBuf::from(file), source };
    std::fs::read(file).map_err(failed)
}

fn finish(
    mut out: Box<dyn Write>,
    refused: usize,
    all: usize,
    what: &'static str,
) -> Result<ExitCode, Trouble> {
    out.flush()?;
    if refused == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    output::note(&format!("{refused} of {all} were not {what}"));
    Ok(ExitCode::from(1))
}
