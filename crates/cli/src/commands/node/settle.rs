//! What people settle, on a terminal.

use std::{collections::BTreeSet, io::Write, process::ExitCode};

use jiff::{Timestamp, civil::Date};
use samspill_server::config::Config;
use samspill_service::{
    access::Action,
    audit::About,
    exchange::{
        mailroom::{MailError, Mailroom, Notes, Settling},
        meaning::Answer,
    },
};
use samspill_store::MessageNumber;

use super::{
    args::Answered,
    terminal::{self, Seen},
};
use crate::{output, trouble::Trouble};

/// Shows what is noted of a message.
pub(super) async fn show(config: &Config, room: &Mailroom, number: u64) -> Result<ExitCode, Trouble> {
    let kept = room.store().message(room.community(), MessageNumber(number)).await?;
    let kept = kept.ok_or_else(|| Trouble::Call(MailError::NoMessage(number).to_string()))?;
    let entries = match &kept.case {
        Some(case) => room.store().case_entries(room.community(), case).await?,
        None => Vec::new(),
    };
    let persons: BTreeSet<String> = entries.into_iter().filter_map(|entry| entry.person).collect();
    let about = About::Message { number, case: kept.case.as_deref(), persons: &persons };
    let seen = Seen { action: Action::ReadMessage, about, detail: "", count: 1 };
    terminal::look(config, room.store(), seen).await?;
    let notes = Notes::read(&kept.notes);
    let mut out = output::standard();
    let (kind, standing) = (output::clean(&kept.kind), kept.standing.as_str());
    writeln!(
        out,
        "{number}: {kind} {} from {} to {}, {standing}",
        output::clean(&kept.id),
        kept.from,
        kept.to
    )?;
    writeln!(out, "case: {}", kept.case.as_deref().unwrap_or("none"))?;
    for line in notes.receipts.iter().chain(&notes.remarks) {
        writeln!(out, "- {}", output::clean(line))?;
    }
    for question in &notes.questions {
        writeln!(out, "? {}", output::clean(&question.text))?;
        for choice in &question.choices {
            writeln!(
                out,
                "    {}: {}",
                output::clean(&choice.value),
                output::clean(&choice.reasons.join(" "))
            )?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Who settles something, and why, now.
pub(super) fn settling<'a>(by: &'a str, why: &'a str) -> Settling<'a> {
    Settling { by, why, now: Timestamp::now() }
}

/// Settles what a reply means.
pub(super) async fn answer(
    room: &Mailroom,
    number: u64,
    answered: Answered,
    day: Option<&str>,
    settling: Settling<'_>,
) -> Result<ExitCode, Trouble> {
    let wrong = |text: &str| Trouble::Call(format!("--day {text}: write YYYY-MM-DD"));
    let day = day.map(|text| text.parse::<Date>().map_err(|_| wrong(text))).transpose()?;
    let answer = match answered {
        Answered::Can => Answer::CanReceive { from: day },
        Answered::Cannot => Answer::CannotReceive { expected: day },
    };
    told(room.answer(MessageNumber(number), answer, settling).await)
}

/// Says how many entries a decision added to the log.
pub(super) fn told(added: Result<usize, MailError>) -> Result<ExitCode, Trouble> {
    match added {
        Ok(added) => {
            writeln!(output::standard(), "settled; {added} entries were added to the log")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(MailError::Store(error)) => Err(error.into()),
        Err(error) => Err(Trouble::Call(error.to_string())),
    }
}
