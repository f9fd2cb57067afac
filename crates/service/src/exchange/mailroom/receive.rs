//! A receipt comes for a message that we sent.

use samspill_formats::messages::types::Message;
use samspill_store::{LifeRow, Standing, Tx};

use super::{
    MailError, Notes, Taken,
    append::{append, cases, key_of, note_others},
    ids::fitting,
    past::{Past, ties_of},
    take::{Intake, Keeping},
};
use crate::exchange::{
    meaning::normal_id,
    receipts::{Change, Earlier, Event, Final, Life, Reported, event_of},
};

impl Intake<'_> {
    /// Takes a receipt: into the life of its message, and into the log, where it says when the message was acknowledged.
    pub(super) async fn receive(&mut self, message: &Message, earlier: Earlier) -> Result<Taken, MailError> {
        let Some((about, event)) = event_of(message, self.received()) else {
            return self
                .only_kept(
                    None,
                    "Kvitteringen kan ikke forstås: den sier ikke hvem den er fra, eller har ukjent status.",
                )
                .await;
        };
        let about = Some(fitting(&normal_id(&about))).filter(|about| !about.is_empty());
        if earlier == Earlier::Same {
            let notes =
                Notes { remarks: vec!["Kvitteringen er mottatt før.".to_owned()], ..Notes::default() };
            let number = self.keep(&Keeping { about, ..Keeping::new(Standing::Duplicate, notes) }).await?;
            return Ok(self.taken(number, Standing::Duplicate));
        }
        let Some(about) = about else {
            return self.only_kept(None, "Kvitteringen sier ikke hvilken melding den gjelder.").await;
        };
        let change = tell_life(self.tx, &about, event, self.now).await?;
        let says = said(message);
        let Some(change) = change else {
            return self
                .only_kept(Some(about), "Kvitteringen gjelder en melding som ikke er sendt herfra.")
                .await;
        };
        let taken = self.record(message, about, change).await?;
        Ok(Taken { receipt: says, ..taken })
    }

    /// Keeps a receipt that changes nothing, for a person to see.
    async fn only_kept(&mut self, about: Option<String>, why: &str) -> Result<Taken, MailError> {
        let notes = Notes { remarks: vec![why.to_owned()], ..Notes::default() };
        let ties = about.iter().cloned().collect();
        let number = self.keep(&Keeping { ties, about, ..Keeping::new(Standing::Question, notes) }).await?;
        Ok(self.taken(number, Standing::Question))
    }

    async fn record(&mut self, message: &Message, about: String, change: Change) -> Result<Taken, MailError> {
        let settings = self.room.settings();
        let ties = ties_of(message, settings);
        let mut past = Past::load(self.tx, &ties, settings).await?;
        let placed = past.place(message, Some(self.received()), self.now, settings);
        let mut notes = Notes { remarks: told(change), ..Notes::default() };
        notes.take(&placed);
        let standing = if notes.questions.is_empty() { Standing::Taken } else { Standing::Question };
        let case = placed.entries.first().map(|entry| entry.case.clone());
        let questions = notes.questions.clone();
        let keeping = Keeping { case, ties, about: Some(about), ..Keeping::new(standing, notes) };
        let number = self.keep(&keeping).await?;
        note_others(self.tx, &past, &cases(&placed.entries), placed.asked.as_ref()).await?;
        let entries = append(self.tx, &key_of(number), placed.entries, self.now).await?;
        Ok(Taken { case: keeping.case, entries, questions, ..self.taken(number, standing) })
    }
}

/// What a receipt says.
fn said(receipt: &Message) -> Option<Final> {
    match event_of(receipt, jiff::Timestamp::UNIX_EPOCH)?.1 {
        Event::Receipt(seen) => Some(seen.says),
        Event::Delivered { .. } | Event::NotDelivered { .. } => None,
    }
}

fn told(change: Change) -> Vec<String> {
    let text = match change {
        Change::State { .. } | Change::Nothing => return Vec::new(),
        Change::Reported(Reported::UnknownReceiver) => {
            "Kvitteringen er fra noen som meldingen ikke er sendt til."
        }
        Change::Reported(Reported::SameReceiptAgain) => "Kvitteringen er mottatt før.",
        Change::Reported(Reported::SecondReceipt) => "Mottakeren har kvittert før, med samme svar.",
        Change::Reported(Reported::ContradictingReceipt) => {
            "Mottakeren har kvittert før, med det motsatte svaret. Den første kvitteringen gjelder."
        }
    };
    vec![text.to_owned()]
}

/// Tells the life of a message what became of it; none where no such message was sent. What is told of such a message is kept,
/// for a message that is sent later under the id.
pub(super) async fn tell_life(
    tx: &mut Tx,
    about: &str,
    event: Event,
    now: jiff::Timestamp,
) -> Result<Option<Change>, MailError> {
    let Some(row) = tx.life(about).await? else {
        tx.add_stray(about, &serde_json::to_string(&event).unwrap_or_default()).await?;
        return Ok(None);
    };
    let Ok(mut life) = serde_json::from_str::<Life>(&row.json) else { return Ok(None) };
    let change = life.apply(event);
    tx.set_life(&life_row(&life, row.message, now)).await?;
    Ok(Some(change))
}

/// A life as it is kept.
pub(super) fn life_row(life: &Life, message: samspill_store::MessageNumber, now: jiff::Timestamp) -> LifeRow {
    LifeRow {
        id: normal_id(life.id()),
        message,
        deadline: life.next_deadline(now),
        needs_person: life.states(now).any(|(_, state)| state.needs_a_person()),
        json: serde_json::to_string(life).unwrap_or_default(),
    }
}
