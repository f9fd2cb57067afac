//! Downtime: registered, listed, made up for, and worked through on paper.

use std::{collections::BTreeMap, io::Write, path::Path, process::ExitCode};

use jiff::Timestamp;
use samspill_agreement::model::{Agreement, Language};
use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_engine::Evaluation;
use samspill_formats::messages::norway;
use samspill_server::{config::Config, node};
use samspill_service::{
    access::Action,
    audit::About,
    downtime::{
        Change, ChangeTo, DeskError, Downtime, DowntimeDesk, NewPeriod, Parties, Period, Practice, Sort,
        Told, Way, annotate,
        forms::{Print, StayNow, blank_forms, emergency_forms, form_kinds, open_kinds, status_list},
    },
    exchange::meaning::AddressBook,
    projections::Agreements,
};
use samspill_store::{IfMissing, Store};

use super::{
    NodeArgs,
    args::{AfterwardsArgs, DowntimeCommand, NewDowntimeArgs, PaperArgs},
    open,
    terminal::{self, Seen},
};
use crate::{commands::message::when, output, trouble::Trouble};

/// Cases that are read at a time.
const PAGE: usize = 500;

/// What all of these need.
struct Desk {
    store: Store,
    config: Config,
    book: AddressBook,
    agreements: Agreements,
}

/// Does what the call asks for.
pub(super) fn run(args: &NodeArgs, command: &DowntimeCommand) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&args.config)?;
    open::run(async {
        let desk = Desk::open(config).await?;
        match command {
            DowntimeCommand::Announce(new) => desk.register(new, Sort::Planned).await,
            DowntimeCommand::Begin(new) => desk.register(new, Sort::Unplanned).await,
            DowntimeCommand::Move { id, from, until, announced, why, by } => {
                let until = until.as_deref().map(|time| when::time(Some(time))).transpose()?;
                let span = ChangeTo::Span {
                    announced: when::time(announced.as_deref())?,
                    from: when::time(Some(from))?,
                    until,
                };
                desk.change(id, span, why.as_deref(), by).await
            }
            DowntimeCommand::End { id, at, why, by } => {
                desk.change(id, ChangeTo::Ended(when::time(at.as_deref())?), why.as_deref(), by).await
            }
            DowntimeCommand::Withdraw { id, why, by } => {
                desk.change(id, ChangeTo::Withdrawn, why.as_deref(), by).await
            }
            DowntimeCommand::List => desk.list().await,
            DowntimeCommand::Afterwards(args) => desk.afterwards(args).await,
            DowntimeCommand::Duties { case } => desk.duties(case).await,
            DowntimeCommand::Forms(args) => desk.forms(args).await,
            DowntimeCommand::Status(args) => desk.status(args).await,
        }
    })
}

impl Desk {
    async fn open(config: Config) -> Result<Self, Trouble> {
        let failed = |error: &dyn std::fmt::Display| Trouble::Node(error.to_string());
        let agreements = Agreements::find(&config.node.agreements).map_err(|error| failed(&error))?;
        let store = open::store(&config, IfMissing::Refuse).await?;
        let book = node::address_book_in_force(&config, &store).await.map_err(|error| failed(&error))?;
        Ok(Self { store, config, book, agreements })
    }

    fn practice(&self) -> Result<Option<&'static Practice>, Trouble> {
        let Some(id) = &self.config.node.downtime_practice else { return Ok(None) };
        let found = Downtime::shipped().practice(id);
        let says = || {
            Trouble::Call(format!(
                "no practice of downtime is called «{id}»: correct [node] downtime_practice"
            ))
        };
        found.map(Some).ok_or_else(says)
    }

    fn agreement(&self) -> Result<&Agreement, Trouble> {
        let first = self.agreements.all().first();
        first.ok_or_else(|| Trouble::Call("the node names no agreements: name one in [node]".to_owned()))
    }

    fn desk(&self) -> Result<DowntimeDesk<'_>, Trouble> {
        Ok(DowntimeDesk {
            store: &self.store,
            community: &self.config.node.community,
            book: &self.book,
            calendar: &self.agreement()?.newest().calendar.days,
            practice: self.practice()?,
        })
    }

    async fn register(&self, args: &NewDowntimeArgs, sort: Sort) -> Result<ExitCode, Trouble> {
        let now = Timestamp::now();
        let new = NewPeriod {
            id: when::id(None)?,
            party: args.party.clone(),
            unit: args.unit.clone(),
            sort,
            announced: args.announced.as_deref().map_or(Ok(now), |time| when::time(Some(time)))?,
            announced_by: args.announced_by.clone().unwrap_or_else(|| args.by.clone()),
            from: when::time(args.from.as_deref())?,
            until: args.until.as_deref().map(|time| when::time(Some(time))).transpose()?,
            why: args.why.clone(),
            systems: args.system.iter().cloned().collect(),
            registered_by: args.by.clone(),
            recorded: now,
        };
        let registered = self.desk()?.register(&new).await.map_err(refused)?;
        for finding in &registered.findings {
            output::note(&finding.sentence(Language::Bokmal));
        }
        writeln!(output::standard(), "{}", new.id)?;
        Ok(ExitCode::SUCCESS)
    }

    async fn change(&self, of: &str, to: ChangeTo, why: Option<&str>, by: &str) -> Result<ExitCode, Trouble> {
        let change = Change {
            id: when::id(None)?,
            of: of.to_owned(),
            to,
            why: why.unwrap_or_default().to_owned(),
            registered_by: by.to_owned(),
            recorded: Timestamp::now(),
        };
        let registered = self.desk()?.change(&change).await.map_err(refused)?;
        for finding in &registered.findings {
            output::note(&finding.sentence(Language::Bokmal));
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn list(&self) -> Result<ExitCode, Trouble> {
        let periods = self.desk()?.periods(Timestamp::now()).await?;
        let mut out = output::standard();
        for period in periods.all() {
            writeln!(out, "{}", line(period))?;
        }
        if periods.all().is_empty() {
            writeln!(out, "no downtime is registered")?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn afterwards(&self, args: &AfterwardsArgs) -> Result<ExitCode, Trouble> {
        let way = Way::called(&args.how).ok_or_else(|| {
            let ways: Vec<_> = Way::ALL.iter().map(|way| way.as_str()).collect();
            Trouble::Call(format!("--how {}: write one of {}", args.how, ways.join(", ")))
        })?;
        let told = Told {
            downtime: args.downtime.clone(),
            way,
            to: args.told.clone(),
            why: args.why.clone().unwrap_or_default(),
            registered_by: args.by.clone(),
            recorded: Timestamp::now(),
        };
        let written = self.desk()?.afterwards(entry(args)?, &told).await.map_err(refused)?;
        for finding in &written.findings {
            output::note(finding.sentence(Language::Bokmal));
        }
        let id = written.entries.first().and_then(|entry| entry.id.clone()).unwrap_or_default();
        writeln!(output::standard(), "{id}")?;
        Ok(ExitCode::SUCCESS)
    }

    async fn duties(&self, case: &str) -> Result<ExitCode, Trouble> {
        let now = Timestamp::now();
        let periods = self.desk()?.periods(now).await?;
        let mut out = output::standard();
        let Some(stay) = self.stay(case, now).await? else {
            return Err(Trouble::Call(format!("the log has no case «{case}» that an agreement reads")));
        };
        let (agreement, log, evaluation) = &stay;
        terminal::look_at_stay(&self.config, &self.store, (case, &log.entries), "plikter").await?;
        let parties = Parties::of(log, agreement.newest(), &self.book);
        for found in annotate(agreement, evaluation, &periods, &parties, &self.book) {
            writeln!(out, "{}: {}", found.duty.as_str(), found.status_words(Language::Bokmal))?;
            for sentence in found.explain(agreement, evaluation, Language::Bokmal) {
                writeln!(out, "  {}", output::clean(&sentence))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn forms(&self, args: &PaperArgs) -> Result<ExitCode, Trouble> {
        let (now, language) = (Timestamp::now(), args.lang.into());
        let periods = self.desk()?.periods(now).await?;
        let print = Print { book: &self.book, periods: &periods, as_of: now, language };
        let Some(case) = &args.about else {
            let version = self.agreement()?.newest();
            return write_page(args.output.as_deref(), &blank_forms(version, &form_kinds(version), &print));
        };
        let Some((agreement, log, evaluation)) = self.stay(case, now).await? else {
            return Err(Trouble::Call(format!("the log has no case «{case}» that an agreement reads")));
        };
        terminal::look_at_stay(&self.config, &self.store, (case, &log.entries), "nødskjema").await?;
        let stay =
            StayNow { agreement: &agreement, log: &log, evaluation: &evaluation, patient: None, unit: None };
        let kinds = open_kinds(agreement.newest(), &evaluation);
        write_page(args.output.as_deref(), &emergency_forms(&stay, &kinds, &print))
    }

    async fn status(&self, args: &PaperArgs) -> Result<ExitCode, Trouble> {
        let Some(party) = &args.about else {
            return Err(Trouble::Call("name the party whose stays are listed".to_owned()));
        };
        let Some(party) = self.book.find(party).map(|address| address.name.clone()) else {
            return Err(Trouble::Call(format!("the address book doesn't know «{party}»")));
        };
        let now = Timestamp::now();
        let periods = self.desk()?.periods(now).await?;
        let read = self.all_stays(now).await?;
        let stays: Vec<StayNow<'_>> = read
            .iter()
            .map(|(agreement, log, evaluation)| StayNow {
                agreement,
                log,
                evaluation,
                patient: None,
                unit: None,
            })
            .collect();
        let seen =
            Seen { action: Action::ListStay, about: About::Party(&party), detail: "statusliste", count: 1 };
        terminal::look(&self.config, &self.store, seen).await?;
        let print = Print { book: &self.book, periods: &periods, as_of: now, language: args.lang.into() };
        write_page(args.output.as_deref(), &status_list(&party, &stays, &print))
    }

    async fn all_stays(&self, now: Timestamp) -> Result<Vec<(Agreement, CaseLog, Evaluation)>, Trouble> {
        let (mut stays, mut last) = (Vec::new(), String::new());
        loop {
            let page = self.store.cases(&self.config.node.community, &last, PAGE).await?;
            let Some(end) = page.last().cloned() else { return Ok(stays) };
            last = end;
            for case in &page {
                stays.extend(self.stay(case, now).await?);
            }
        }
    }

    /// A case as it stands; none where the log has no such case or no agreement reads it.
    async fn stay(
        &self,
        case: &str,
        now: Timestamp,
    ) -> Result<Option<(Agreement, CaseLog, Evaluation)>, Trouble> {
        let entries = self.store.case_entries(&self.config.node.community, case).await?;
        let log = CaseLog { case: case.to_owned(), entries };
        if log.entries.is_empty() || case.starts_with(DOWNTIME) {
            return Ok(None);
        }
        let read = self.agreements.of(&log, now).cloned().zip(self.agreements.evaluate(&log, now));
        Ok(read.map(|(agreement, evaluation)| (agreement, log, evaluation)))
    }
}

/// What the names of downtime's own cases begin with.
const DOWNTIME: &str = "nedetid:";

fn entry(args: &AfterwardsArgs) -> Result<Entry, Trouble> {
    let happened = when::time(Some(&args.happened))?;
    let mut entry = Entry::new(args.case.clone(), args.kind.clone(), Position(0), happened);
    entry.id = Some(when::id(args.id.as_deref())?);
    entry.sent = args.sent.as_deref().map(|time| when::time(Some(time))).transpose()?;
    entry.received = args.received.as_deref().map(|time| when::time(Some(time))).transpose()?;
    entry.from.clone_from(&args.from);
    entry.to.clone_from(&args.to);
    let mut body = BTreeMap::new();
    for field in &args.field {
        let (name, text) = field
            .split_once('=')
            .ok_or_else(|| Trouble::Call(format!("--field {field}: write NAME=TEXT")))?;
        body.insert(name.to_owned(), Value::text(text));
    }
    entry.body = (!body.is_empty()).then_some(body);
    Ok(entry)
}

fn line(period: &Period) -> String {
    let local = |at: Timestamp| at.to_zoned(norway()).strftime("%Y-%m-%d %H:%M").to_string();
    let until = period.until.map_or_else(|| "open".to_owned(), local);
    let unit = period.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
    let state = match (period.is_withdrawn, period.has_ended) {
        (true, _) => " (withdrawn)",
        (false, true) => " (ended)",
        (false, false) => "",
    };
    let sort = period.sort.name(Language::English);
    let (party, from, why) = (&period.party, local(period.from), output::clean(&period.why));
    format!("{}  {party}{unit}: {sort} {from} to {until}{state}: {why}", period.id)
}

fn write_page(path: Option<&Path>, page: &str) -> Result<ExitCode, Trouble> {
    let mut out = output::to(path)?;
    out.write_all(page.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn refused(error: DeskError) -> Trouble {
    match error {
        DeskError::Store(error) => error.into(),
        DeskError::Refused(refusal) => Trouble::Call(refusal.to_string()),
        DeskError::Afterwards(refusal) => Trouble::Call(refusal.to_string()),
    }
}
