//! What people settle, on a terminal.

use std::{collections::BTreeSet, io::Write, process::ExitCode};

use jiff::{Timestamp, civil::Date};
use samspill_server::config::Config;
use samspill_service::{
    access::Action,
    audit::About,
    exchange::{
        mailroom::{MailError, Mailroom, Notes, Settled, Settling},
        meaning::{Answer, QuestionKind, Ruling},
    },
};
use samspill_store::MessageNumber;

use super::{
    args::{Answered, RuleCommand},
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
    rulings(room, number, &mut out).await?;
    for question in &notes.questions {
        writeln!(out, "? {}: {}", question.what.as_str(), output::clean(&question.text))?;
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

/// Writes what people decided about a message and stand by.
async fn rulings(room: &Mailroom, number: u64, out: &mut impl Write) -> Result<(), Trouble> {
    for ruled in room.rulings(MessageNumber(number)).await.map_err(trouble)? {
        let what = serde_json::to_string(&ruled.ruling).unwrap_or_default();
        writeln!(
            out,
            "= {}, {}, {}: {}",
            output::clean(&what),
            output::clean(&ruled.by),
            ruled.at,
            output::clean(&ruled.why)
        )?;
    }
    Ok(())
}

/// The question of a name.
fn question(name: &str) -> Result<QuestionKind, Trouble> {
    let names: Vec<&str> = QuestionKind::ALL.iter().map(|question| question.as_str()).collect();
    let wrong = || Trouble::Call(format!("{name}: no such question; write one of {}", names.join(", ")));
    QuestionKind::called(name).ok_or_else(wrong)
}

/// Settles what is asked, says that it was handled, or takes that back.
pub(super) async fn rule(room: &Mailroom, command: &RuleCommand) -> Result<ExitCode, Trouble> {
    match command {
        RuleCommand::Settle { number, question, answer, by, why } => {
            decide(room, *number, (question, answer), settling(by, why)).await
        }
        RuleCommand::Handle { number, by, why } => {
            let handled = Ruling::Handled([].into());
            decided(room.decide(MessageNumber(*number), handled, settling(by, why)).await)
        }
        RuleCommand::TakeBack { number, question, by, why } => {
            take_back(room, *number, question.as_deref(), settling(by, why)).await
        }
    }
}

async fn take_back(
    room: &Mailroom,
    number: u64,
    name: Option<&str>,
    settling: Settling<'_>,
) -> Result<ExitCode, Trouble> {
    let question = name.map(question).transpose()?;
    told(room.take_back(MessageNumber(number), question, settling).await)
}

/// Settles what is asked about a message.
async fn decide(
    room: &Mailroom,
    number: u64,
    (name, answer): (&str, &str),
    settling: Settling<'_>,
) -> Result<ExitCode, Trouble> {
    let question = question(name)?;
    let wrong = || {
        Trouble::Call(format!(
            "«{answer}» is no answer to {name}: `samspill monitor show {number}` shows those there are; what a reply means is \
             settled with `answer`, and what was rejected with `handle`"
        ))
    };
    let ruling = Ruling::read(question, answer, &room.settings().zone).ok_or_else(wrong)?;
    decided(room.decide(MessageNumber(number), ruling, settling).await)
}

/// Says what became of a decision.
fn decided(settled: Result<Settled, MailError>) -> Result<ExitCode, Trouble> {
    match settled {
        Ok(Settled::Done(added)) => told(Ok(added)),
        Ok(Settled::Before(before)) => Err(Trouble::Call(format!(
            "{} settled this, {}: {}; `take-back` opens it again",
            output::clean(&before.by),
            before.at,
            output::clean(&serde_json::to_string(&before.ruling).unwrap_or_default())
        ))),
        Err(error) => told(Err(error)),
    }
}

fn trouble(error: MailError) -> Trouble {
    if let MailError::Store(error) = error { error.into() } else { Trouble::Call(error.to_string()) }
}

/// Says how many entries a decision added to the log.
pub(super) fn told(added: Result<usize, MailError>) -> Result<ExitCode, Trouble> {
    match added {
        Ok(added) => {
            writeln!(output::standard(), "settled; {added} entries were added to the log")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(trouble(error)),
    }
}
