//! A message goes out: into the log, into the outbox, and into the list of what receipts are waited for.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_base::Entry;
use samspill_formats::messages::types::{Body, Kind, Message, Party};
use samspill_store::{Direction, MessageNumber, NewMessage, NewOutgoing, Standing, Tx};

use super::{
    HERE, MailError, Mailroom, NOWHERE, Notes, Settings,
    append::{append, cases, key_of, note_others},
    ids,
    past::{Past, decided, is_registered, read_again, ties_of},
    persons,
    receive::life_row,
    take::kind_of,
};
use crate::exchange::{
    meaning::{
        Answer, Beside, Confirmed, Decision, Outgoing, Question, QuestionKind, Written, confirm, message,
        normal_id,
    },
    receipts::{self, Event, Life, receiver_key},
};

/// What became of a message that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Under which number it is kept.
    pub number: MessageNumber,
    /// Its id, as it is compared.
    pub id: String,
    /// Whether it was sent before: then nothing was written.
    pub is_again: bool,
    /// The case that it belongs to, if that is settled.
    pub case: Option<String>,
    /// How many entries were appended for it.
    pub entries: usize,
    /// What is worth a look: a receiver without a channel, a time that was read in one of several ways.
    pub remarks: Vec<String>,
}

/// What became of an entry that is sent as a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentEntry {
    /// The message.
    pub sent: Sent,
    /// Fields of the entry that the message can't say.
    pub unsaid: Vec<String>,
    /// What the profile would rather have.
    pub warnings: Vec<String>,
}

/// A receipt that was made, not yet in the outbox.
#[derive(Debug)]
pub(super) struct MadeReceipt {
    pub(super) message: Message,
    bytes: Vec<u8>,
    /// The HER-id of the sender of the message, who gets the receipt.
    to: String,
    from: String,
}

/// A document of ours that is read and may go.
pub(super) struct Outbound<'a> {
    bytes: &'a [u8],
    pub(super) message: Message,
    sent: receipts::Sent,
    /// The typed answer of a reply, and who gave it.
    answer: Option<(Answer, String)>,
    /// Where a person wrote it.
    pub(super) meant: Option<Meant<'a>>,
}

/// What a person who writes in a stay knows of the message, so that nobody need be asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meant<'a> {
    /// The stay.
    pub(super) case: &'a str,
    /// Who writes.
    pub(super) by: &'a str,
}

impl Outbound<'_> {
    /// Whether who sends it has answered a question about it already.
    fn settles(&self, question: &Question, id: &str) -> bool {
        let is_known = self.meant.is_some() && question.what == QuestionKind::WhichKind;
        question.message == id && (self.answer.is_some() || is_known)
    }
}

impl Mailroom {
    /// Sends a message that another system made: it is on disk, in the log and in the outbox when this returns.
    ///
    /// What a profile would have otherwise is no reason to stop it. The same document again is sent once.
    ///
    /// # Errors
    ///
    /// A document that can't be read, isn't from one of ours, or can't be told from another one that was sent; and the store's.
    pub async fn send(&self, bytes: &[u8], now: Timestamp) -> Result<Sent, MailError> {
        let outbound = self.outbound(bytes, None)?;
        self.post(&outbound, now).await
    }

    /// Sends an entry as a message with this id (a GUID): the entry is in the log then, as what the message says.
    ///
    /// A reply with a typed answer is a person's word, `by`, and stands in the log with it.
    ///
    /// # Errors
    ///
    /// An entry that no message tells of, or whose message the profile forbids; and as [`Mailroom::send`].
    pub async fn send_entry(
        &self,
        entry: &Entry,
        beside: &Beside,
        id: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<SentEntry, MailError> {
        let written = {
            let mut tx = self.store.begin(&self.community).await?;
            self.written(&mut tx, entry, beside, id).await?
        };
        let answer = self.settings.table.answer_of(entry).map(|answer| (answer, by.to_owned()));
        let outbound = self.outbound(written.made.xml.as_bytes(), answer)?;
        let sent = self.post(&outbound, now).await?;
        let warnings = written.made.warnings.iter().map(|finding| finding.text.clone()).collect();
        Ok(SentEntry { sent, unsaid: written.unsaid, warnings })
    }

    /// The message that an entry becomes, as the transaction sees the stay.
    pub(super) async fn written(
        &self,
        tx: &mut Tx,
        entry: &Entry,
        beside: &Beside,
        id: &str,
    ) -> Result<Written, MailError> {
        let stay = tx.case_entries(&entry.case).await?;
        let people: BTreeSet<String> = entry.person.iter().cloned().collect();
        let past = Past::load(tx, &people, &self.settings).await?;
        let context = Outgoing {
            table: &self.settings.table,
            zone: self.settings.zone.clone(),
            ..Outgoing::new(id, &past.known, beside)
        };
        Ok(message(entry, &stay, &self.settings.addresses, &context)?)
    }

    pub(super) fn outbound<'a>(
        &self,
        bytes: &'a [u8],
        answer: Option<(Answer, String)>,
    ) -> Result<Outbound<'a>, MailError> {
        let opened = receipts::open(bytes, &self.settings.xml, &self.settings.limits);
        self.outbound_of(bytes, opened, answer)
    }

    pub(super) fn outbound_of<'a>(
        &self,
        bytes: &'a [u8],
        opened: receipts::Opened,
        answer: Option<(Answer, String)>,
    ) -> Result<Outbound<'a>, MailError> {
        if let Some(fault) = opened.fault {
            return Err(MailError::Unreadable(fault.to_string()));
        }
        let Some(message) = opened.message else {
            return Err(MailError::Unreadable("it has no head".to_owned()));
        };
        if message.kind == Kind::Kvittering {
            return Err(MailError::NotByHand("receipt"));
        }
        if !self.settings.recipients.owns(&message.head.sender) {
            return Err(MailError::NotFromUs);
        }
        let sent = receipts::Sent::of(&message.head).filter(|sent| !sent.id.is_empty());
        let sent = sent.ok_or(MailError::Incomplete)?;
        Ok(Outbound { bytes, message, sent, answer, meant: None })
    }

    pub(super) async fn post(&self, outbound: &Outbound<'_>, now: Timestamp) -> Result<Sent, MailError> {
        let id = normal_id(&outbound.sent.id);
        let mut tx = self.store.begin(&self.community).await?;
        if let Some(sent) = tx.first_of_id(Direction::Out, &id).await? {
            if sent.bytes != outbound.bytes {
                return Err(MailError::SameId(id));
            }
            let (number, case) = (sent.number, sent.case.clone());
            return Ok(Sent { number, id, is_again: true, case, entries: 0, remarks: Vec::new() });
        }
        let sent = self.post_new(&mut tx, outbound, id, now).await?;
        tx.commit().await?;
        Ok(sent)
    }

    /// Posts a message that wasn't posted before.
    pub(super) async fn post_new(
        &self,
        tx: &mut Tx,
        outbound: &Outbound<'_>,
        id: String,
        now: Timestamp,
    ) -> Result<Sent, MailError> {
        let (settings, message) = (&*self.settings, &outbound.message);
        let ties = ties_of(message, settings);
        if let Some(Meant { case, by }) = outbound.meant {
            super::decide::keep(tx, decided::STAY, &id, case, by, "", now).await?;
        }
        let mut past = Past::load(tx, &ties, settings).await?;
        let mut placed = past.place(message, None, now, settings);
        if let Some(Meant { case, .. }) = outbound.meant {
            let stay = tx.case_entries(case).await?;
            placed.entries.retain(|entry| !is_registered(entry, &stay, &settings.table));
        }
        if let Some((answer, by)) = &outbound.answer {
            self.type_answer(tx, &id, *answer, by, &mut placed.entries, now).await?;
        }
        let mut notes = Notes::default();
        notes.take(&placed);
        notes.questions.retain(|question| !outbound.settles(question, &id));
        let of_message = cases(&placed.entries);
        notes.cases = of_message.get(&id).cloned().unwrap_or_default();
        let case = notes.cases.last().cloned().or_else(|| placed.mapped.placement.case().map(str::to_owned));
        let standing = if notes.questions.is_empty() { Standing::Taken } else { Standing::Question };
        let number = tx.keep_message(&outgoing(outbound, &id, case.clone(), ties, now)).await?;
        persons::learn(tx, message, settings, now).await?;
        let mut remarks = self.enqueue_all(tx, number, &id, message, now).await?;
        notes.remarks.append(&mut remarks.clone());
        tx.stand(number, standing, case.as_deref(), &notes.write()).await?;
        self.begin_life(tx, number, &id, outbound, now).await?;
        note_others(tx, &past, &of_message, placed.asked.as_ref()).await?;
        let entries = append(tx, &key_of(number), placed.entries, now).await?;
        remarks.extend(notes.questions.iter().map(|question| question.text.clone()));
        Ok(Sent { number, id, is_again: false, case, entries, remarks })
    }

    /// Puts the typed answer in the place of the reply that only has words.
    async fn type_answer(
        &self,
        tx: &mut Tx,
        id: &str,
        answer: Answer,
        by: &str,
        entries: &mut [Entry],
        now: Timestamp,
    ) -> Result<(), MailError> {
        let is_reply = |entry: &&mut Entry| entry.id.as_deref() == Some(id);
        let Some(reply) = entries.iter_mut().find(is_reply) else { return Ok(()) };
        let decision = Decision::Own(answer);
        let confirmed = confirm(reply, &decision, by, now, &self.settings.table);
        if let Some(Confirmed { entry, .. }) = confirmed {
            *reply = entry;
            let value = serde_json::to_string(&answer).unwrap_or_default();
            super::decide::keep(tx, decided::ANSWER, id, &value, by, "", now).await?;
        }
        Ok(())
    }

    /// Begins the life of a message that is sent, with what came about it before it was known.
    async fn begin_life(
        &self,
        tx: &mut Tx,
        number: MessageNumber,
        id: &str,
        outbound: &Outbound<'_>,
        now: Timestamp,
    ) -> Result<(), MailError> {
        let mut life = Life::new(outbound.sent.clone(), &self.settings.receipt_limits);
        for stray in tx.take_strays(id).await? {
            if let Ok(event) = serde_json::from_str::<Event>(&stray) {
                life.apply(event);
            }
        }
        tx.set_life(&life_row(&life, number, now)).await?;
        Ok(())
    }

    /// A parcel for each receiver. One that no channel goes to waits as a dead letter, and is told of.
    async fn enqueue_all(
        &self,
        tx: &mut Tx,
        number: MessageNumber,
        id: &str,
        message: &Message,
        now: Timestamp,
    ) -> Result<Vec<String>, MailError> {
        let others = message.head.others.iter().filter(|other| other.role.value != "OR");
        let receivers = std::iter::once(&message.head.receiver).chain(others.map(|other| &other.party));
        let (mut remarks, mut done) = (Vec::new(), BTreeSet::new());
        for receiver in receivers {
            let to = her_id(receiver).unwrap_or_default();
            if !done.insert(to.clone()) {
                continue;
            }
            let channel = self.channel_to(receiver, &to);
            if channel == NOWHERE {
                remarks.push(format!("Ingen kanal går til mottakeren (HER-id {to}). Meldingen venter; legg inn en vei til mottakeren og slipp den løs."));
            }
            self.enqueue(tx, number, id, &to, channel, now).await?;
        }
        Ok(remarks)
    }

    fn channel_to<'s>(&'s self, receiver: &Party, her_id: &str) -> &'s str {
        if self.settings.recipients.owns(receiver) {
            return HERE;
        }
        self.settings.routes.channel(her_id).unwrap_or(NOWHERE)
    }

    async fn enqueue(
        &self,
        tx: &mut Tx,
        message: MessageNumber,
        document: &str,
        to: &str,
        channel: &str,
        now: Timestamp,
    ) -> Result<(), MailError> {
        let id = ids::of_parcel(document, to, 1);
        let outgoing = NewOutgoing {
            id: id.clone(),
            message,
            channel: channel.to_owned(),
            to: to.to_owned(),
            due: now,
            made: now,
        };
        tx.post(&outgoing).await?;
        if channel == NOWHERE {
            tx.outgoing_dead(&id, now, "no-route", "Ingen kanal går til mottakeren.").await?;
        }
        Ok(())
    }

    /// Keeps a receipt and puts it into the outbox.
    pub(super) async fn post_receipt(
        &self,
        tx: &mut Tx,
        receipt: &MadeReceipt,
        now: Timestamp,
    ) -> Result<(), MailError> {
        let head = &receipt.message.head;
        let id = normal_id(&head.id);
        let about = match &receipt.message.body {
            Body::Receipt(body) => {
                Some(ids::fitting(&normal_id(&body.original_id))).filter(|id| !id.is_empty())
            }
            Body::Care(_) | Body::Dialog(_) | Body::Epicrisis(_) | Body::Other => None,
        };
        let number = tx
            .keep_message(&NewMessage {
                direction: Direction::Out,
                id: id.clone(),
                kind: kind_of(&receipt.message).to_owned(),
                from: ids::fitting(&receipt.from),
                to: ids::fitting(&receipt.to),
                case: None,
                made: head.made.earliest(),
                at: now,
                channel: String::new(),
                parcel: String::new(),
                bytes: receipt.bytes.clone(),
                ties: about.iter().cloned().collect(),
                about,
            })
            .await?;
        let receiver = &head.receiver;
        let channel = self.channel_to(receiver, &receipt.to).to_owned();
        self.enqueue(tx, number, &id, &ids::fitting(&receipt.to), &channel, now).await
    }
}

/// A message of ours as it is kept.
fn outgoing(
    outbound: &Outbound<'_>,
    id: &str,
    case: Option<String>,
    ties: BTreeSet<String>,
    now: Timestamp,
) -> NewMessage {
    let head = &outbound.message.head;
    NewMessage {
        direction: Direction::Out,
        id: id.to_owned(),
        kind: kind_of(&outbound.message).to_owned(),
        from: her_id(&head.sender).unwrap_or_default(),
        to: her_id(&head.receiver).unwrap_or_default(),
        case,
        about: None,
        made: Some(outbound.sent.made),
        at: now,
        channel: String::new(),
        parcel: String::new(),
        bytes: outbound.bytes.to_vec(),
        ties,
    }
}

/// The receipt of an answer, made at an instant; none while a person is to decide. `known_by` is the message's id as it is compared, or what
/// it is known by here where it has none.
pub(super) fn outgoing_receipt(
    answer: &receipts::Answer,
    original: &Message,
    known_by: &str,
    made: Timestamp,
    settings: &Settings,
) -> Option<MadeReceipt> {
    let party = match answer.answering {
        samspill_formats::messages::make::Answering::Primary => &original.head.receiver,
        samspill_formats::messages::make::Answering::Other(place) => &original.head.others.get(place)?.party,
    };
    let receiver = receiver_key(party).unwrap_or_default();
    let id = ids::of_receipt(known_by, &receiver);
    let software = settings.software.as_ref().map(|(name, version)| (name.as_str(), version.as_str()));
    let bytes = answer.receipt_text(original, software, &id, made)?.into_bytes();
    let message = read_again(&bytes, settings)?;
    let to = her_id(&original.head.sender).unwrap_or_default();
    Some(MadeReceipt { message, bytes, to, from: her_id(party).unwrap_or_default() })
}

/// The innermost HER-id of a party.
pub(super) fn her_id(party: &Party) -> Option<String> {
    let ids = party.levels.iter().rev().flat_map(|level| &level.ids);
    ids.filter(|id| id.kind.value == "HER").map(|id| id.value.trim().replace(['.', ' '], "")).next()
}
