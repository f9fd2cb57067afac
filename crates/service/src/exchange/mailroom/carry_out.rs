//! A person writes in a stay: all that belongs together goes out and into the log at once, or is only tried.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_base::{Entry, Position, Value};
use samspill_store::{Direction, Tx};

use super::{
    MailError, Mailroom, Sent, SentEntry, append::append, decide, past::Past, persons::learn_protection,
    send::Meant,
};
use crate::{
    casework::{Plan, Step},
    exchange::meaning::{Beside, normal_id},
};

/// What became of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarriedOut {
    /// What was sent, in order.
    pub sent: Vec<SentEntry>,
    /// Whether it was carried out before: then nothing was written.
    pub is_again: bool,
}

/// What carrying out a plan would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsed {
    /// All entries of the stay as they would stand afterwards, in the order of the log.
    pub entries: Vec<Entry>,
    /// The messages that would go, as they would be sent.
    pub messages: Vec<Vec<u8>>,
    /// What was sent, in order, and what the messages can't say.
    pub sent: Vec<SentEntry>,
}

/// What a form was when its plan was made.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    /// The id that the form came with: what is written under it is written once.
    pub form: &'a str,
    /// What the form said, in any words that are the same for the same contents: a digest will do.
    pub said: &'a str,
    /// The last place in the log of the stay, as the plan was made; 0 of a stay that is to begin.
    pub last: Position,
}

/// How a form stands that may have been carried out before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormStands {
    /// Nothing was written under its id.
    New,
    /// It was carried out, in this stay, and said the same.
    Same(String),
    /// Something else was written under its id, in this stay; empty where that isn't known.
    Other(String),
}

/// What became of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormDone {
    /// It was carried out.
    Done(CarriedOut),
    /// It was carried out before, or something else was under its id: nothing was written.
    Before(FormStands),
    /// The stay has entries that the plan was made without: nothing was written, and it must be made anew.
    Moved,
}

/// What is decided of a form: under which of its contents, and in which stay, it was carried out.
const FORM: &str = "form";

impl Mailroom {
    /// How a form stands. Waits for nobody.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn form_stands(&self, form: &str, said: &str) -> Result<FormStands, MailError> {
        let mut tx = self.store.look(&self.community).await?;
        stands(&mut tx, form, said).await
    }

    /// Carries out the plan of a form, if it wasn't before and the stay is as it was when the plan was made: both are looked at in the
    /// transaction that writes, so that of two people who write at once the second sees what the first wrote.
    ///
    /// # Errors
    ///
    /// As [`Mailroom::carry_out`].
    pub async fn carry_out_form(
        &self,
        plan: &Plan,
        against: &Against<'_>,
        beside: &Beside,
        by: &str,
        now: Timestamp,
    ) -> Result<FormDone, MailError> {
        let mut tx = self.store.begin(&self.community).await?;
        match stands(&mut tx, against.form, against.said).await? {
            FormStands::New if is_done(&mut tx, plan).await? => {
                return Ok(FormDone::Before(FormStands::Other(String::new())));
            }
            FormStands::New => {}
            before @ (FormStands::Same(_) | FormStands::Other(_)) => return Ok(FormDone::Before(before)),
        }
        let case = plan.main().map(|entry| entry.case.as_str()).unwrap_or_default();
        let last = tx.case_entries(case).await?.last().map_or(Position(0), |entry| entry.position);
        if last != against.last {
            return Ok(FormDone::Moved);
        }
        let taken = self.take_steps(&mut tx, plan, beside, by, now).await?;
        let value = format!("{} {case}", against.said);
        decide::keep(&mut tx, FORM, &subject(against.form), &value, by, "", now).await?;
        tx.commit().await?;
        let sent = taken.into_iter().map(|(sent, _)| sent).collect();
        Ok(FormDone::Done(CarriedOut { sent, is_again: false }))
    }

    /// Carries out what a person wrote in a stay: all of it is in the log and the outbox when this returns, or none. The same plan
    /// again writes nothing, whatever it says by now: what tells plans apart is the id of what they are about.
    ///
    /// A message written in a stay belongs to that stay, and nobody is asked.
    ///
    /// # Errors
    ///
    /// As [`Mailroom::send_entry`]. Then nothing is written.
    pub async fn carry_out(
        &self,
        plan: &Plan,
        beside: &Beside,
        by: &str,
        now: Timestamp,
    ) -> Result<CarriedOut, MailError> {
        let mut tx = self.store.begin(&self.community).await?;
        if is_done(&mut tx, plan).await? {
            return Ok(CarriedOut { sent: Vec::new(), is_again: true });
        }
        let taken = self.take_steps(&mut tx, plan, beside, by, now).await?;
        tx.commit().await?;
        Ok(CarriedOut { sent: taken.into_iter().map(|(sent, _)| sent).collect(), is_again: false })
    }

    /// What carrying out a plan would write. Nothing is written.
    ///
    /// A plan that only registers is read off the log. One that sends is tried in a transaction that writes, and is dropped: a message
    /// is read against those before it, also those of the same plan. While it is tried, others who write wait.
    ///
    /// # Errors
    ///
    /// As [`Mailroom::carry_out`].
    pub async fn rehearse(
        &self,
        plan: &Plan,
        beside: &Beside,
        by: &str,
        now: Timestamp,
    ) -> Result<Rehearsed, MailError> {
        if !plan.is_sent() {
            return self.rehearse_registered(plan).await;
        }
        let mut tx = self.store.begin(&self.community).await?;
        let done = is_done(&mut tx, plan).await?;
        let taken = if done { Vec::new() } else { self.take_steps(&mut tx, plan, beside, by, now).await? };
        let case = plan.main().map(|entry| entry.case.as_str()).unwrap_or_default();
        let entries = tx.case_entries(case).await?;
        let (sent, messages) = taken.into_iter().unzip();
        // The transaction is dropped: nothing of it stands.
        Ok(Rehearsed { entries, messages, sent })
    }

    /// What registering would write.
    async fn rehearse_registered(&self, plan: &Plan) -> Result<Rehearsed, MailError> {
        let mut tx = self.store.look(&self.community).await?;
        let done = is_done(&mut tx, plan).await?;
        let case = plan.main().map(|entry| entry.case.as_str()).unwrap_or_default();
        let mut entries = tx.case_entries(case).await?;
        let mut last = tx.head().position;
        for entry in plan.steps.iter().map(Step::entry).filter(|_| !done) {
            last = Position(last.0 + 1);
            // A note on what was told in downtime stands in a case of its own.
            if entry.case == case {
                entries.push(Entry { position: last, ..entry.clone() });
            }
        }
        Ok(Rehearsed { entries, ..Rehearsed::default() })
    }

    /// What the latest health information of a stay said that belongs with a later notice.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn carried(&self, case: &str) -> Result<BTreeMap<String, Value>, MailError> {
        let mut tx = self.store.look(&self.community).await?;
        let people: BTreeSet<String> =
            tx.case_entries(case).await?.into_iter().filter_map(|entry| entry.person).collect();
        let past = Past::load(&mut tx, &people, &self.settings).await?;
        Ok(past.known.stay(case).map(|stay| stay.carried.clone()).unwrap_or_default())
    }

    async fn take_steps(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        beside: &Beside,
        by: &str,
        now: Timestamp,
    ) -> Result<Vec<(SentEntry, Vec<u8>)>, MailError> {
        let mut taken = Vec::new();
        // Files go with what the plan is about, and not with what goes before it.
        let without_files = Beside { files: Vec::new(), ..beside.clone() };
        let last_sent = plan.steps.iter().rposition(|step| matches!(step, Step::Send(_)));
        for (place, step) in plan.steps.iter().enumerate() {
            let beside = if last_sent == Some(place) { beside } else { &without_files };
            match step {
                Step::Send(entry) => taken.push(self.send_step(tx, entry, beside, by, now).await?),
                Step::Register(entry) => {
                    let key = format!("skjema-{}", entry.id.as_deref().unwrap_or_default());
                    append(tx, &key, vec![entry.clone()], now).await?;
                    learn_protection(tx, entry, &self.settings, now).await?;
                }
            }
        }
        Ok(taken)
    }

    async fn send_step(
        &self,
        tx: &mut Tx,
        entry: &Entry,
        beside: &Beside,
        by: &str,
        now: Timestamp,
    ) -> Result<(SentEntry, Vec<u8>), MailError> {
        let id = entry.id.clone().unwrap_or_default();
        let written = self.written(tx, entry, beside, &id).await?;
        let answer = self.settings.table.answer_of(entry).map(|answer| (answer, by.to_owned()));
        let mut outbound = self.outbound(written.made.xml.as_bytes(), answer)?;
        outbound.meant = Some(Meant { case: &entry.case, by });
        let sent: Sent = self.post_new(tx, &outbound, normal_id(&id), now).await?;
        let warnings = written.made.warnings.iter().map(|finding| finding.text.clone()).collect();
        Ok((SentEntry { sent, unsaid: written.unsaid, warnings }, written.made.xml.into_bytes()))
    }
}

/// Under what it is kept that a form was carried out.
fn subject(form: &str) -> String {
    format!("skjema-{}", normal_id(form))
}

async fn stands(tx: &mut Tx, form: &str, said: &str) -> Result<FormStands, MailError> {
    let kept = tx.decisions(&BTreeSet::from([subject(form)])).await?;
    let Some(before) = kept.iter().find(|decision| decision.what == FORM) else { return Ok(FormStands::New) };
    let (then, case) = before.value.split_once(' ').unwrap_or((before.value.as_str(), ""));
    let case = case.to_owned();
    Ok(if then == said { FormStands::Same(case) } else { FormStands::Other(case) })
}

/// Whether what a plan is about is written already.
async fn is_done(tx: &mut Tx, plan: &Plan) -> Result<bool, MailError> {
    let Some(entry) = plan.main() else { return Ok(true) };
    let id = entry.id.as_deref().unwrap_or_default();
    match plan.steps.last() {
        Some(Step::Send(_)) => Ok(tx.first_of_id(Direction::Out, &normal_id(id)).await?.is_some()),
        Some(Step::Register(_)) | None => {
            let entries = tx.case_entries(&entry.case).await?;
            Ok(entries.iter().any(|other| other.id.as_deref() == Some(id)))
        }
    }
}
