//! `samspill message to-log`: a folder of messages as a log.

use std::{collections::BTreeMap, io::Write, path::PathBuf, process::ExitCode};

use jiff::{Timestamp, civil::Date};
use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_formats::{
    messages::{
        norway,
        read::{self, MessageLimits},
        types::Message,
    },
    write_jsonl,
    xml::{XmlLimits, decode, parse},
};
use samspill_service::exchange::meaning::{
    Answer, Answers, Confirmed, Decision, Directory, Stays, Suggestion, Sureness, Table, confirm, stays,
};

use super::{args::ToLog, input};
use crate::{output, trouble::Trouble};

/// Writes the log. Files that aren't messages are named and left out; what a person must settle is asked on standard error.
pub(crate) fn run(args: &ToLog) -> Result<ExitCode, Trouble> {
    let files = input::files(&args.files)?;
    let (messages, left_out) = read_all(&files)?;
    let directory = Directory::default();
    let mut answers = Answers::new(&directory);
    answers.chosen = args.cases.iter().map(|text| pair(text, "--case")).collect::<Result<_, _>>()?;
    let replies = args.replies.iter().map(|text| pair(text, "--reply")).collect::<Result<Vec<_>, _>>()?;
    let mut found = stays(&messages, &answers);
    for (message, answer) in &replies {
        reply(&mut found, message, answer, answers.table)?;
    }
    if let Some(agreement) = &args.agreement {
        found.cases.iter_mut().for_each(|case| follow(case, agreement));
    }
    let entries: Vec<&Entry> = found.cases.iter().flat_map(|case| &case.entries).collect();
    let mut out = output::to(args.out.as_deref())?;
    write_jsonl(entries, &norway(), &mut out)?;
    out.flush()?;
    let answered: Vec<&str> = replies.iter().map(|(message, _)| message.as_str()).collect();
    tell(&found, &answered, messages.len(), left_out);
    Ok(ExitCode::SUCCESS)
}

fn read_all(files: &[PathBuf]) -> Result<(Vec<Message>, u64), Trouble> {
    let (limits, mut left_out) = (XmlLimits::default(), 0);
    let mut messages = Vec::new();
    for file in files {
        let bytes = input::bytes(file, &limits)?;
        let message = decode(&bytes, &limits).and_then(|text| {
            let document = parse(&text, &limits)?;
            Ok(read::read(&document, &MessageLimits::default()).0)
        });
        match message {
            Ok(message) => messages.push(message),
            Err(error) => {
                left_out += 1;
                output::note_limited(
                    left_out,
                    &output::clean(&format!("{}: {error}: left out", file.display())),
                );
            }
        }
    }
    Ok((messages, left_out))
}

/// The two sides of `MESSAGE=…`.
fn pair(text: &str, option: &str) -> Result<(String, String), Trouble> {
    let (left, right) = text.split_once('=').ok_or_else(|| {
        Trouble::Call(format!("{option}: «{text}» lacks `=`: write the message's id, `=`, and the answer"))
    })?;
    Ok((left.trim().to_lowercase(), right.trim().to_owned()))
}

/// Writes what a person says that a reply means: the reply is cancelled and written again with its answer.
fn reply(found: &mut Stays, message: &str, answer: &str, table: &Table) -> Result<(), Trouble> {
    let unknown = || Trouble::Call(format!("--reply: there is no reply with the id «{message}» in the log"));
    let suggestion = found.suggestions.get(message).ok_or_else(unknown)?;
    let decision = match answer {
        "forslag" => Decision::Suggested(suggestion),
        _ => Decision::Own(own_answer(answer)?),
    };
    let is_it = |entry: &&Entry| entry.id.as_deref() == Some(message);
    let entry = found.cases.iter().flat_map(|case| &case.entries).find(is_it).ok_or_else(unknown)?;
    let confirmed = confirm(entry, &decision, "kommandolinjen", Timestamp::now(), table).ok_or_else(|| {
        Trouble::Call(format!("--reply: nothing is suggested for «{message}»: write kan, kan:DATE, kan-ikke or kan-ikke:DATE"))
    })?;
    put(found, confirmed);
    Ok(())
}

fn own_answer(text: &str) -> Result<Answer, Trouble> {
    let (word, day) = text.split_once(':').map_or((text, None), |(word, day)| (word, Some(day)));
    let wrong = || {
        Trouble::Call(format!(
            "--reply: «{text}» is no answer: write forslag, kan, kan:DATE, kan-ikke or kan-ikke:DATE"
        ))
    };
    let day: Option<Date> = day.map(str::parse).transpose().map_err(|_| wrong())?;
    match word {
        "kan" | "kan-ta-imot" => Ok(Answer::CanReceive { from: day }),
        "kan-ikke" | "kan-ikke-ta-imot" => Ok(Answer::CannotReceive { expected: day }),
        _ => Err(wrong()),
    }
}

/// Puts what was confirmed last in its case, and numbers the log anew.
fn put(found: &mut Stays, confirmed: Confirmed) {
    let case = found.cases.iter_mut().find(|case| case.case == confirmed.entry.case);
    if let Some(case) = case {
        case.entries.extend(confirmed.cancellation);
        case.entries.push(confirmed.entry);
    }
    let all = found.cases.iter_mut().flat_map(|case| &mut case.entries);
    for (entry, number) in all.zip(1..) {
        entry.position = Position(number);
    }
}

/// Lets a case say which agreement it follows, from its first entry on.
fn follow(case: &mut CaseLog, agreement: &str) {
    if let Some(first) = case.entries.first_mut() {
        first.facts.insert("agreement".to_owned(), Value::text(agreement));
    }
}

fn tell(found: &Stays, answered: &[&str], read: usize, left_out: u64) {
    for remark in &found.remarks {
        say(&format!("note: {}: {}", remark.message, remark.text));
    }
    let open = found.questions.iter().filter(|question| !answered.contains(&question.message.as_str()));
    let mut asked = 0;
    for question in open {
        asked += 1;
        say(&format!("question: {}: {}", question.message, question.text));
        for choice in &question.choices {
            say(&format!("    {}: {}", choice.value, choice.reasons.join("; ")));
        }
        if let Some(suggestion) = found.suggestions.get(&question.message) {
            say(&format!("    {}", told(suggestion)));
        }
    }
    let of = BTreeMap::from([
        ("messages", read as u64),
        ("duplicates", found.duplicates as u64),
        ("left out", left_out),
    ]);
    let counts: Vec<String> =
        of.iter().filter(|(_, count)| **count > 0).map(|(what, count)| format!("{count} {what}")).collect();
    output::note(&format!(
        "{}: {} cases, {asked} questions{}",
        counts.join(", "),
        found.cases.len(),
        if asked > 0 { " (answer with --case MESSAGE=CASE or --reply MESSAGE=ANSWER)" } else { "" }
    ));
}

/// Says something that a message said.
fn say(text: &str) {
    output::note(&output::clean(text));
}

fn told(suggestion: &Suggestion) -> String {
    let sure = match suggestion.sureness {
        Sureness::None => return "nothing is suggested".to_owned(),
        Sureness::Unsure => "unsure",
        Sureness::Clear => "clear",
    };
    let (word, day) = match suggestion.answer {
        Some(Answer::CanReceive { from }) => ("kan", from),
        Some(Answer::CannotReceive { expected }) => ("kan-ikke", expected),
        None => return format!("no answer is suggested: {}", suggestion.doubts.join("; ")),
    };
    let day = day.map_or_else(String::new, |day| format!(":{day}"));
    let doubts = if suggestion.doubts.is_empty() {
        String::new()
    } else {
        format!("; {}", suggestion.doubts.join("; "))
    };
    format!("forslag = {word}{day} ({sure}, by «{}»{doubts})", suggestion.words.join("», «"))
}
