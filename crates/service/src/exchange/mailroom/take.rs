//! A parcel comes: what it is, what it gives, and what goes back.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_formats::messages::types::{Kind, Message};
use samspill_store::{Before, Came, Direction, KeptMessage, MessageNumber, NewMessage, Standing, Tx};
use samspill_transport::Parcel;

use super::{
    MailError, Mailroom, Notes,
    append::{append, cases, key_of, note_others},
    ids::{fitting, of_content},
    never::never_taken,
    past::{Past, Placed, ties_of, whole_second},
    persons,
    send::{her_id, outgoing_receipt},
};
use crate::exchange::{
    meaning::{Question, normal_id},
    receipts::{Answer, Decision, Earlier, Final, Incoming, Opened, Silence, Verdict, decide, open},
};

/// What became of a parcel that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Under which number it is kept.
    pub number: MessageNumber,
    /// What it is: the code of 8279; empty if that can't be told.
    pub kind: String,
    /// Whether this very parcel was there before: then nothing was written.
    pub is_again: bool,
    /// How it stands.
    pub standing: Standing,
    /// The case that it belongs to, if that is settled.
    pub case: Option<String>,
    /// How many entries were appended for it.
    pub entries: usize,
    /// How many receipts were put into the outbox.
    pub receipts: usize,
    /// How many of them reject the message.
    pub rejections: usize,
    /// What it says, if it is itself a receipt for a message of ours.
    pub receipt: Option<Final>,
    /// What a person must settle.
    pub questions: Vec<Question>,
    /// What was decided about receipts, and why.
    pub why: Vec<String>,
}

impl Mailroom {
    /// Takes a parcel in. When this returns, it is on disk with all that follows from it: then, and not before, the channel may
    /// be told that it is taken.
    ///
    /// The same parcel again, after a crash or from a channel that brings things twice, writes nothing. A document that can't be
    /// read, or that says what the log can't hold, is kept as it came.
    ///
    /// # Errors
    ///
    /// Only where the store fails. Then nothing is written, and the parcel must come again.
    pub async fn take(&self, parcel: &Parcel, channel: &str, now: Timestamp) -> Result<Taken, MailError> {
        let opened = open(&parcel.bytes, &self.settings.xml, &self.settings.limits);
        self.take_opened(parcel, channel, now, &opened).await
    }

    /// Takes a parcel in that was read.
    pub(super) async fn take_opened(
        &self,
        parcel: &Parcel,
        channel: &str,
        now: Timestamp,
        opened: &Opened,
    ) -> Result<Taken, MailError> {
        let taken = self.take_whole(parcel, channel, now, opened).await;
        let Some(why) = taken.as_ref().err().and_then(never_taken) else { return taken };
        let mut tx = self.store.begin_together(&self.community).await?;
        let intake = Intake { room: self, tx: &mut tx, parcel, channel, now, opened };
        let taken = intake.keep_untaken(why).await?;
        tx.commit().await?;
        Ok(taken)
    }

    async fn take_whole(
        &self,
        parcel: &Parcel,
        channel: &str,
        now: Timestamp,
        opened: &Opened,
    ) -> Result<Taken, MailError> {
        let mut tx = self.store.begin_together(&self.community).await?;
        let taken = Intake { room: self, tx: &mut tx, parcel, channel, now, opened }.run().await?;
        tx.commit().await?;
        Ok(taken)
    }
}

/// A parcel on its way in.
pub(super) struct Intake<'a> {
    pub(super) room: &'a Mailroom,
    pub(super) tx: &'a mut Tx,
    pub(super) parcel: &'a Parcel,
    pub(super) channel: &'a str,
    pub(super) now: Timestamp,
    pub(super) opened: &'a Opened,
}

/// How a message is kept, and what is noted of it.
pub(super) struct Keeping {
    pub(super) standing: Standing,
    pub(super) case: Option<String>,
    pub(super) notes: Notes,
    pub(super) ties: BTreeSet<String>,
    pub(super) about: Option<String>,
}

impl Keeping {
    pub(super) fn new(standing: Standing, notes: Notes) -> Self {
        Self { standing, case: None, notes, ties: BTreeSet::new(), about: None }
    }
}

impl Intake<'_> {
    pub(super) async fn run(mut self) -> Result<Taken, MailError> {
        let before = self.came_before().await?;
        if let Some(again) = &before.again {
            return Ok(again_taken(again));
        }
        let first = before.first.as_ref().map(|kept| kept.bytes.as_slice());
        let earlier = Earlier::of(&self.parcel.bytes, first, &self.room.settings.xml);
        let Some(message) = &self.opened.message else { return self.unread(Silence::Unreadable).await };
        if message.kind == Kind::Kvittering && self.opened.fault.is_none() {
            return self.receive(message, earlier).await;
        }
        let incoming = Incoming { earlier, ..Incoming::first(self.opened) };
        let decision = decide(&incoming, &self.room.settings.recipients);
        let why = decision.explain();
        match decision {
            Decision::None(Silence::NotAskedFor) => self.take_in(message, &[], why).await,
            Decision::None(silence) => self.unread(silence).await,
            Decision::Receipts(answers) => {
                if answers.iter().all(|it| matches!(it.verdict, Verdict::Reject(_))) {
                    return self.refuse(message, &answers, why).await;
                }
                self.take_in(message, &answers, why).await
            }
        }
    }

    /// Whether this very parcel came before, or another with its message. One of which nothing tells it apart is always the first.
    async fn came_before(&mut self) -> Result<Before, MailError> {
        let (id, parcel) = (self.id(), fitting(&self.parcel.id));
        let came = Came { id: &id, channel: self.channel, parcel: &parcel, bytes: &self.parcel.bytes };
        Ok(self.tx.came_before(&came).await?)
    }

    pub(super) fn id(&self) -> String {
        self.opened.message.as_ref().map(|message| fitting(&normal_id(&message.head.id))).unwrap_or_default()
    }

    /// What a message's receipts are named after: its id, or else the parcel that it came in, or else what it says.
    fn known_by(&self, message: &Message) -> String {
        match (normal_id(&message.head.id), self.parcel.id.as_str()) {
            (id, _) if !id.is_empty() => id,
            (_, "") => of_content(&self.parcel.bytes),
            (_, parcel) => format!("{}\n{parcel}", self.channel),
        }
    }

    pub(super) fn received(&self) -> Timestamp {
        whole_second(self.now)
    }

    /// Keeps what is neither taken in nor answered, for a person to see where one must.
    async fn unread(&mut self, silence: Silence) -> Result<Taken, MailError> {
        let standing = match silence {
            Silence::Unreadable | Silence::SenderUnreadable => Standing::Unreadable,
            Silence::NotOurs => Standing::NotOurs,
            Silence::Duplicate => Standing::Duplicate,
            Silence::SameIdOtherContent => Standing::Conflict,
            Silence::IsReceipt | Silence::NotAskedFor => Standing::Taken,
        };
        let why = vec![format!("{} ({})", silence.text(), silence.clause())];
        let fault = self.opened.fault.iter().map(ToString::to_string);
        let notes = Notes { receipts: why.clone(), remarks: fault.collect(), ..Notes::default() };
        let number = self.keep(&Keeping::new(standing, notes)).await?;
        Ok(Taken { why, ..self.taken(number, standing) })
    }

    /// Keeps what came and can't be taken in, for a person to see. Nothing else is read against it later.
    async fn keep_untaken(mut self, why: &str) -> Result<Taken, MailError> {
        let notes = Notes { remarks: vec![why.to_owned()], ..Notes::default() };
        let number = self.keep(&Keeping::new(Standing::Question, notes)).await?;
        Ok(self.taken(number, Standing::Question))
    }

    /// Keeps a message that is rejected: it is answered, and says nothing to the log.
    async fn refuse(
        &mut self,
        message: &Message,
        answers: &[Answer],
        why: Vec<String>,
    ) -> Result<Taken, MailError> {
        let notes = Notes { receipts: why.clone(), ..Notes::default() };
        let ties = ties_of(message, &self.room.settings);
        let number = self.keep(&Keeping { ties, ..Keeping::new(Standing::Refused, notes) }).await?;
        let receipts = self.answer(message, answers).await?;
        Ok(Taken { receipts, rejections: receipts, why, ..self.taken(number, Standing::Refused) })
    }

    /// Takes a message in: what it means goes into the log, and its receipts into the outbox.
    async fn take_in(
        &mut self,
        message: &Message,
        answers: &[Answer],
        why: Vec<String>,
    ) -> Result<Taken, MailError> {
        let settings = self.room.settings();
        let ties = ties_of(message, settings);
        let mut past = Past::load(self.tx, &ties, settings).await?;
        self.learn_receipts(message, answers, &mut past);
        let placed = past.place(message, Some(self.received()), self.now, settings);
        let keeping = keeping(&placed, &past, ties, &why);
        let number = self.keep(&keeping).await?;
        persons::learn(self.tx, message, settings, self.now).await?;
        let receipts = self.answer(message, answers).await?;
        note_others(self.tx, &past, &cases(&placed.entries), placed.asked.as_ref()).await?;
        let added = if past.is_cut { Vec::new() } else { placed.entries };
        let entries = append(self.tx, &key_of(number), added, self.now).await?;
        let rejections = answers.iter().filter(|it| matches!(it.verdict, Verdict::Reject(_))).count();
        let questions = keeping.notes.questions.clone();
        let taken = self.taken(number, keeping.standing);
        Ok(Taken { case: keeping.case, entries, receipts, rejections, questions, why, ..taken })
    }

    /// Our own receipts are known before the message is read: its entries say at once that it is acknowledged.
    fn learn_receipts(&self, message: &Message, answers: &[Answer], past: &mut Past) {
        let known_by = self.known_by(message);
        for answer in answers {
            let receipt = outgoing_receipt(answer, message, &known_by, self.received(), self.room.settings());
            if let Some(receipt) = receipt {
                past.place(&receipt.message, None, self.now, self.room.settings());
            }
        }
    }

    /// Puts the receipts into the outbox. Gives how many.
    async fn answer(&mut self, message: &Message, answers: &[Answer]) -> Result<usize, MailError> {
        let known_by = self.known_by(message);
        let mut count = 0;
        for answer in answers {
            let made = outgoing_receipt(answer, message, &known_by, self.received(), self.room.settings());
            if let Some(receipt) = made {
                self.room.post_receipt(self.tx, &receipt, self.now).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    pub(super) async fn keep(&mut self, keeping: &Keeping) -> Result<MessageNumber, MailError> {
        let head = self.opened.message.as_ref().map(|message| &message.head);
        let kind = self.kind();
        let number = self
            .tx
            .keep_message(&NewMessage {
                direction: Direction::In,
                id: self.id(),
                kind,
                from: fitting(
                    &head.and_then(|head| her_id(&head.sender)).unwrap_or_else(|| self.parcel.from.clone()),
                ),
                to: fitting(
                    &head.and_then(|head| her_id(&head.receiver)).unwrap_or_else(|| self.parcel.to.clone()),
                ),
                case: keeping.case.clone(),
                about: keeping.about.clone(),
                made: head.and_then(|head| head.made.earliest()),
                at: self.now,
                channel: self.channel.to_owned(),
                parcel: fitting(&self.parcel.id),
                bytes: self.parcel.bytes.clone(),
                ties: keeping.ties.clone(),
            })
            .await?;
        let case = keeping.case.as_deref();
        self.tx.stand(number, keeping.standing, case, &keeping.notes.write()).await?;
        Ok(number)
    }

    fn kind(&self) -> String {
        let message = self.opened.message.as_ref();
        fitting(message.map_or(self.parcel.kind.as_str(), kind_of))
    }

    pub(super) fn taken(&self, number: MessageNumber, standing: Standing) -> Taken {
        Taken {
            number,
            kind: self.kind(),
            is_again: false,
            standing,
            case: None,
            entries: 0,
            receipts: 0,
            rejections: 0,
            receipt: None,
            questions: Vec::new(),
            why: Vec::new(),
        }
    }
}

/// How a message that is taken in is kept.
fn keeping(placed: &Placed, past: &Past, ties: BTreeSet<String>, why: &[String]) -> Keeping {
    let mut notes = Notes { receipts: why.to_vec(), ..Notes::default() };
    notes.take(placed);
    if past.is_cut {
        notes.questions.push(too_many(&placed.mapped.id));
    }
    let of_message = cases(&placed.entries).remove(&placed.mapped.id).unwrap_or_default();
    let case = of_message.last().cloned().or_else(|| placed.mapped.placement.case().map(str::to_owned));
    notes.cases = of_message;
    let standing = if notes.questions.is_empty() { Standing::Taken } else { Standing::Question };
    Keeping { case, ties, ..Keeping::new(standing, notes) }
}

/// The code of 8279 of a message: that of its kind, or else what is written, which may be anything.
pub(super) fn kind_of(message: &Message) -> &str {
    match message.kind.message_type() {
        "" => &message.head.type_code.value,
        code => code,
    }
}

fn again_taken(kept: &KeptMessage) -> Taken {
    let notes = Notes::read(&kept.notes);
    Taken {
        number: kept.number,
        kind: kept.kind.clone(),
        is_again: true,
        standing: kept.standing,
        case: kept.case.clone(),
        entries: 0,
        receipts: 0,
        rejections: 0,
        receipt: None,
        questions: notes.questions,
        why: notes.receipts,
    }
}

fn too_many(message: &str) -> Question {
    let text = "Meldingen henger sammen med svært mange andre, og er ikke lest inn i noe opphold. Er en id brukt for flere \
                pasienter?";
    Question {
        message: message.to_owned(),
        what: crate::exchange::meaning::QuestionKind::WhichPerson,
        text: text.to_owned(),
        choices: Vec::new(),
    }
}
