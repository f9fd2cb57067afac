//! The message monitor on a terminal.

use std::{io::Write, process::ExitCode};

use jiff::Timestamp;
use samspill_server::config::Config;
use samspill_service::{
    access::Action,
    audit::About,
    exchange::{
        mailroom::Mailroom,
        meaning::normal_id,
        monitor::{Flow, Tracked, flows, tracked},
    },
};
use samspill_store::{AlertFilter, IfMissing, MessageFilter, MessageNumber, OutboxState, Outgoing};

use super::{
    MonitorCommand, NodeArgs,
    args::Shown,
    open, settle,
    terminal::{self, Seen},
};
use crate::{
    commands::message::when,
    output,
    table::{Align, Table},
    trouble::Trouble,
};

/// Messages that are read at a time.
const PAGE: usize = 500;

/// Shows what is under way, or does something about it.
pub(super) fn run(node: &NodeArgs, command: Option<&MonitorCommand>) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&node.config)?;
    open::run(async {
        let room = open::mailroom(&config, IfMissing::Refuse).await?;
        match command {
            None => overview(&room).await,
            Some(MonitorCommand::Messages { open, id, since, after, limit, format }) => {
                let since = since.as_deref().map(|time| when::time(Some(time))).transpose()?;
                let id = id.as_deref().map(normal_id);
                let filter = MessageFilter { id, since, ..MessageFilter::default() };
                let page = Asked { open: *open, filter, after: MessageNumber(*after), limit: *limit };
                messages(&config, &room, &page, *format).await
            }
            Some(MonitorCommand::Flows { format }) => all_flows(&room, *format).await,
            Some(MonitorCommand::Dead { format }) => dead(&config, &room, *format).await,
            Some(MonitorCommand::Show { number }) => settle::show(&config, &room, *number).await,
            Some(MonitorCommand::Place { number, case, by, why }) => {
                let settling = settle::settling(by, why);
                settle::told(room.place(MessageNumber(*number), case, settling).await)
            }
            Some(MonitorCommand::Answer { number, answer, day, by, why }) => {
                let settling = settle::settling(by, why);
                settle::answer(&room, *number, *answer, day.as_deref(), settling).await
            }
            Some(MonitorCommand::SamePerson { number, one, other, by, why }) => {
                let settling = settle::settling(by, why);
                settle::told(room.same_person(MessageNumber(*number), (one, other), settling).await)
            }
            Some(MonitorCommand::Rule(command)) => settle::rule(&room, command).await,
            Some(MonitorCommand::Release { parcels }) => release(&room, parcels).await,
        }
    })
}

/// What somebody who looks in should know: alerts, queues, what waits for people.
async fn overview(room: &Mailroom) -> Result<ExitCode, Trouble> {
    let (store, community) = (room.store(), room.community());
    let mut out = output::standard();
    let head = store.head(community).await?;
    writeln!(out, "{community}: {} entries", head.position.0)?;
    for alert in store.alerts(community, AlertFilter::Active).await? {
        writeln!(out, "alert since {}: {}", alert.raised, output::clean(&alert.says))?;
    }
    let mut queues = table(&["channel", "state", "parcels", "waits since", "next due"]);
    for count in store.queue_counts(community).await? {
        queues.row([
            count.channel,
            count.state.as_str().to_owned(),
            count.count.to_string(),
            count.waits_since.to_string(),
            count.oldest_due.to_string(),
        ]);
    }
    if !queues.is_empty() {
        write!(out, "{}", queues.text(0))?;
    }
    let all =
        Asked { open: true, filter: MessageFilter::default(), after: MessageNumber(0), limit: usize::MAX };
    let waiting = waiting(room, &all).await?.len();
    writeln!(out, "{waiting} messages wait for a person: samspill monitor messages --open")?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Which messages are listed.
struct Asked {
    /// Only those that a person must look at.
    open: bool,
    filter: MessageFilter,
    after: MessageNumber,
    limit: usize,
}

async fn messages(
    config: &Config,
    room: &Mailroom,
    asked: &Asked,
    format: Shown,
) -> Result<ExitCode, Trouble> {
    let found = if asked.open {
        waiting(room, asked).await?
    } else {
        tracked(room, &asked.filter, asked.after, asked.limit, Timestamp::now()).await?
    };
    listed(config, room, "meldinger", found.len()).await?;
    let columns = ["number", "way", "kind", "from", "to", "at", "standing", "receivers", "case"];
    show(&found, format, &columns, row_of)
}

/// Messages that a person must look at, of all that are asked for.
async fn waiting(room: &Mailroom, asked: &Asked) -> Result<Vec<Tracked>, Trouble> {
    let mut found = Vec::new();
    let mut last = asked.after;
    while found.len() < asked.limit {
        let page = tracked(room, &asked.filter, last, PAGE, Timestamp::now()).await?;
        let Some(end) = page.last().map(|message| MessageNumber(message.number)) else { break };
        last = end;
        found.extend(page.into_iter().filter(|message| message.needs_person));
    }
    found.truncate(asked.limit);
    Ok(found)
}

fn row_of(message: &Tracked) -> Vec<String> {
    let receivers = message.receivers.iter().map(|it| {
        let state = serde_json::to_value(it.state).ok().and_then(|word| word.as_str().map(str::to_owned));
        format!("{} {}", it.receiver.trim_start_matches("HER:"), state.unwrap_or_default())
    });
    vec![
        message.number.to_string(),
        message.direction.as_str().to_owned(),
        message.kind.clone(),
        message.from.clone(),
        message.to.clone(),
        message.at.to_string(),
        message.standing.as_str().to_owned(),
        receivers.collect::<Vec<_>>().join(", "),
        message.case.clone().unwrap_or_default(),
    ]
}

async fn all_flows(room: &Mailroom, format: Shown) -> Result<ExitCode, Trouble> {
    let (mut all, mut last) = (Vec::new(), MessageNumber(0));
    loop {
        let page = tracked(room, &MessageFilter::default(), last, PAGE, Timestamp::now()).await?;
        let Some(end) = page.last().map(|message| MessageNumber(message.number)) else { break };
        last = end;
        all.extend(page.into_iter().filter(|message| !message.receivers.is_empty()));
    }
    let columns = [
        "from",
        "to",
        "kind",
        "messages",
        "accepted",
        "rejected",
        "waiting",
        "missing",
        "median s",
        "longest s",
    ];
    show(&flows(&all), format, &columns, flow_row)
}

fn flow_row(flow: &Flow) -> Vec<String> {
    let seconds = |seconds: Option<i64>| seconds.map(|seconds| seconds.to_string()).unwrap_or_default();
    vec![
        flow.from.clone(),
        flow.to.clone(),
        flow.kind.clone(),
        flow.messages.to_string(),
        flow.accepted.to_string(),
        flow.rejected.to_string(),
        flow.waiting.to_string(),
        flow.missing.to_string(),
        seconds(flow.median_seconds),
        seconds(flow.longest_seconds),
    ]
}

/// A dead letter as it is shown.
#[derive(serde::Serialize)]
struct DeadLetter {
    parcel: String,
    message: u64,
    channel: String,
    to: String,
    attempts: u32,
    condition: String,
    says: String,
}

/// Writes down that a list is about to be shown, and how long it is.
async fn listed(config: &Config, room: &Mailroom, detail: &str, length: usize) -> Result<(), Trouble> {
    let count = u64::try_from(length).unwrap_or(u64::MAX);
    let seen = Seen { action: Action::ReadMonitor, about: About::List, detail, count };
    terminal::look(config, room.store(), seen).await
}

async fn dead(config: &Config, room: &Mailroom, format: Shown) -> Result<ExitCode, Trouble> {
    let (mut letters, mut last) = (Vec::new(), String::new());
    loop {
        let page = room.store().outbox(room.community(), Some(OutboxState::Dead), &last, PAGE).await?;
        let Some(end) = page.last().map(|parcel| parcel.id.clone()) else { break };
        last = end;
        letters.extend(page.into_iter().map(letter));
    }
    listed(config, room, "døde brev", letters.len()).await?;
    let columns = ["parcel", "message", "channel", "to", "attempts", "condition", "why"];
    show(&letters, format, &columns, |it| {
        let (message, attempts) = (it.message.to_string(), it.attempts.to_string());
        vec![
            it.parcel.clone(),
            message,
            it.channel.clone(),
            it.to.clone(),
            attempts,
            it.condition.clone(),
            it.says.clone(),
        ]
    })
}

fn letter(parcel: Outgoing) -> DeadLetter {
    DeadLetter {
        parcel: parcel.id,
        message: parcel.message.0,
        channel: parcel.channel,
        to: parcel.to,
        attempts: parcel.attempts,
        condition: parcel.condition,
        says: parcel.says,
    }
}

async fn release(room: &Mailroom, parcels: &[String]) -> Result<ExitCode, Trouble> {
    let mut out = output::standard();
    let mut unknown = false;
    for parcel in parcels {
        let released = room.release(parcel, Timestamp::now()).await;
        if released.map_err(|error| Trouble::Node(error.to_string()))? {
            writeln!(out, "{parcel} waits to be handed over again")?;
        } else {
            unknown = true;
            output::note(&format!("{parcel} is no dead letter"));
        }
    }
    out.flush()?;
    Ok(if unknown { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn show<T: serde::Serialize>(
    rows: &[T],
    format: Shown,
    columns: &[&'static str],
    row: impl Fn(&T) -> Vec<String>,
) -> Result<ExitCode, Trouble> {
    let mut out = output::standard();
    match format {
        Shown::Json => {
            for one in rows {
                serde_json::to_writer(&mut *out, one).map_err(std::io::Error::from)?;
                writeln!(out)?;
            }
        }
        Shown::Table if rows.is_empty() => writeln!(out, "nothing")?,
        Shown::Table => {
            let mut table = table(columns);
            for one in rows {
                table.row(row(one).iter().map(|cell| output::clean(cell)));
            }
            write!(out, "{}", table.text(0))?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn table(columns: &[&str]) -> Table {
    let columns: Vec<_> = columns.iter().map(|name| (*name, Align::Left)).collect();
    Table::new(&columns)
}
