//! A person settles what is asked about a message, says that it was seen to, or takes that back: one way for every kind of question.
//!
//! What they say is a row of its own, and the message is read anew with all that it hangs together with. So it means the same to every
//! node, and to every message that comes afterwards.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_formats::messages::types::Message;
use samspill_store::{
    Direction, KeptMessage, MessageFilter, MessageLine, MessageNumber, Standing, StoreError, Tx,
};

use super::{
    Handled, MailError, Mailroom, Notes, Ruled, Settling,
    decide::{existing, keep},
    past::{Past, decided, read_again, ties_of},
    ruling::{Word, rulings_of, subject_of},
};
use crate::exchange::{
    meaning::{Context, Matcher, Question, QuestionKind, Ruling, person_id},
    monitor::{stands, track},
    receipts::Life,
};

/// What became of what a person decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It stands. So many entries were added to the log for it.
    Done(usize),
    /// It isn't asked any more: this was decided before. Nothing was written.
    Before(Box<Ruled>),
}

impl Mailroom {
    /// Settles what is asked about a message, or says that it was seen to. Of two people at once the second is told what the first
    /// decided.
    ///
    /// One that was sent and didn't get through is seen to when it was told in another way, or written anew. It is pointed out no longer,
    /// unless something comes later that says anew that it didn't get through. What became of it stays as it is.
    ///
    /// # Errors
    ///
    /// A message that isn't there, of which this isn't asked and never was decided, or of which this is no answer. And the store's.
    pub async fn decide(
        &self,
        number: MessageNumber,
        ruling: Ruling,
        settling: Settling<'_>,
    ) -> Result<Settled, MailError> {
        let first = if let Ruling::Stay(case) = &ruling { self.first_of(case).await? } else { None };
        let before_it = self.line_of(number).await?;
        let mut tx = self.store.begin(&self.community).await?;
        let kept = existing(&mut tx, number).await?;
        let open = Open::of(&kept, &before_it, settling.now);
        if !open.takes(&ruling) {
            return before(&mut tx, &kept, &ruling).await;
        }
        let added = match ruling {
            Ruling::Stay(case) => self.place_in(&mut tx, &kept, (&case, first), settling).await?,
            Ruling::Handled(_) => self.handle(&mut tx, &kept, &open, settling).await?,
            ruling @ (Ruling::Content(_)
            | Ruling::Message(_)
            | Ruling::Kind(_)
            | Ruling::Admission(_)
            | Ruling::Meant(_)
            | Ruling::When(_)
            | Ruling::Municipality(_)) => self.rule(&mut tx, &kept, &open, ruling, settling).await?,
        };
        tx.commit().await?;
        Ok(Settled::Done(added))
    }

    /// Takes back what a person decided about a message; of no question: that it was seen to. What is open then is asked again, and the
    /// log says what it said without it. Gives how many entries that adds.
    ///
    /// # Errors
    ///
    /// A message that isn't there, or of which nothing of the kind was decided. And the store's.
    pub async fn take_back(
        &self,
        number: MessageNumber,
        question: Option<QuestionKind>,
        settling: Settling<'_>,
    ) -> Result<usize, MailError> {
        let mut tx = self.store.begin(&self.community).await?;
        let kept = existing(&mut tx, number).await?;
        let standing = rulings_of(&mut tx, &kept).await?;
        let is_kept_so =
            |it: &Ruled| it.ruling.question() == question && !matches!(it.ruling, Ruling::Stay(_));
        if !standing.iter().any(is_kept_so) {
            return Err(MailError::NoQuestion {
                number: number.0,
                says: "nothing that can be taken back was decided",
            });
        }
        let word = Word::TakenBack(question).write();
        keep(&mut tx, decided::RULING, &subject_of(&kept), &word, settling.by, settling.why, settling.now)
            .await?;
        if matches!(question, None | Some(QuestionKind::WhichContent)) {
            self.reopen(&mut tx, &kept).await?;
        }
        let added = match question {
            None => 0,
            Some(_) => self.correct(&mut tx, &kept, &[], &self.all_ties(&kept), settling.now).await?,
        };
        tx.commit().await?;
        Ok(added)
    }

    /// What people decided about a message, and stand by.
    ///
    /// # Errors
    ///
    /// A message that isn't there; and the store's.
    pub async fn rulings(&self, number: MessageNumber) -> Result<Vec<Ruled>, MailError> {
        let mut tx = self.store.look(&self.community).await?;
        let kept = existing(&mut tx, number).await?;
        Ok(rulings_of(&mut tx, &kept).await?)
    }

    /// What a stay that begins with a message is called: a name that no stay of the log has. None for what can't be read.
    ///
    /// # Errors
    ///
    /// A message that isn't there; and the store's.
    pub async fn new_case(&self, number: MessageNumber) -> Result<Option<String>, MailError> {
        let mut tx = self.store.look(&self.community).await?;
        let kept = existing(&mut tx, number).await?;
        let Some(message) = read_again(&kept.bytes, &self.settings) else { return Ok(None) };
        let past = Past::load(&mut tx, &ties_of(&message, &self.settings), &self.settings).await?;
        let context = Context {
            table: &self.settings.table,
            zone: self.settings.zone.clone(),
            ..Context::new(&past.known, &self.settings.directory)
        };
        let mut name = Matcher::new(&context).new_case(&message);
        while !tx.case_entries(&name).await?.is_empty() {
            name.push('~');
        }
        Ok(Some(name))
    }

    /// A message as the monitor has it.
    async fn line_of(&self, number: MessageNumber) -> Result<MessageLine, MailError> {
        let before = MessageNumber(number.0.saturating_sub(1));
        let found = self.store.messages(&self.community, &MessageFilter::default(), before, 1).await?;
        found.into_iter().find(|line| line.number == number).ok_or(MailError::NoMessage(number.0))
    }

    /// Keeps an answer, and brings the log to what all the messages say with it.
    async fn rule(
        &self,
        tx: &mut Tx,
        kept: &KeptMessage,
        open: &Open,
        ruling: Ruling,
        settling: Settling<'_>,
    ) -> Result<usize, MailError> {
        if kept.id.is_empty() {
            let says = "a message without an id can only be said to be handled";
            return Err(MailError::NoQuestion { number: kept.number.0, says });
        }
        self.check(tx, kept, open, &ruling, settling).await?;
        let (by, why, now) = (settling.by, settling.why, settling.now);
        let ties = self.tie(tx, kept, &ruling, settling).await?;
        let asked: Vec<QuestionKind> = ruling.question().into_iter().collect();
        let is_content = matches!(ruling, Ruling::Content(_));
        let word = Word::Ruled(ruling).write();
        keep(tx, decided::RULING, &subject_of(kept), &word, by, why, now).await?;
        let added = self.correct(tx, kept, &asked, &ties, now).await?;
        for copy in tx.messages_of_id(&kept.id).await? {
            if is_content && copy.standing == Standing::Conflict {
                close(tx, &copy, kept.number, settling).await?;
            }
        }
        Ok(added)
    }

    /// What the message is read with, once what was decided ties it to more. That is kept, for those that come later.
    async fn tie(
        &self,
        tx: &mut Tx,
        kept: &KeptMessage,
        ruling: &Ruling,
        settling: Settling<'_>,
    ) -> Result<BTreeSet<String>, MailError> {
        let mut ties = self.all_ties(kept);
        let mut more = BTreeSet::new();
        if let Ruling::Message(id) = ruling {
            more.insert(id.clone());
        }
        if let Ruling::Content(number) = ruling {
            let chosen = existing(tx, MessageNumber(*number)).await?;
            ties.extend(self.all_ties(&chosen));
            let message = read_again(&chosen.bytes, &self.settings);
            let person = message.as_ref().and_then(|it| it.head.patient.as_ref()).and_then(person_id);
            more.extend(person.filter(|_| chosen.ties.is_empty()));
        }
        for tie in &more {
            keep(tx, decided::TOGETHER, &kept.id, tie, settling.by, settling.why, settling.now).await?;
        }
        ties.extend(more);
        Ok(ties)
    }

    /// What ties a message to others, also where it was kept without.
    fn all_ties(&self, kept: &KeptMessage) -> BTreeSet<String> {
        let message: Option<Message> = read_again(&kept.bytes, &self.settings);
        let mut ties = kept.ties.clone();
        ties.extend(message.iter().flat_map(|message| ties_of(message, &self.settings)));
        ties.extend(Some(kept.id.clone()).filter(|id| !id.is_empty()));
        ties
    }

    /// Refuses what is no answer to what is asked.
    async fn check(
        &self,
        tx: &mut Tx,
        kept: &KeptMessage,
        open: &Open,
        ruling: &Ruling,
        settling: Settling<'_>,
    ) -> Result<(), MailError> {
        let zone = &self.settings.zone;
        let (said, is_right) = match ruling {
            Ruling::Kind(said) | Ruling::Municipality(said) => (said.clone(), open.offers(ruling, said)),
            Ruling::Admission(at) => {
                let said = zone.to_datetime(*at).to_string();
                (said.clone(), open.offers(ruling, &said))
            }
            Ruling::When(at) => (zone.to_datetime(*at).to_string(), *at <= settling.now),
            Ruling::Message(id) => {
                let named = tx.messages_of_id(id).await?;
                (id.clone(), *id != kept.id && named.iter().any(|it| it.kind == kept.kind))
            }
            Ruling::Content(number) => {
                let named = tx.messages_of_id(&kept.id).await?;
                (number.to_string(), named.iter().any(|it| it.number.0 == *number))
            }
            Ruling::Stay(_) | Ruling::Meant(_) | Ruling::Handled(_) => return Ok(()),
        };
        if is_right { Ok(()) } else { Err(open.no_answer(ruling, said)) }
    }

    /// Keeps that somebody saw to a message, and that goes for the message or the receipts that tell the same.
    async fn handle(
        &self,
        tx: &mut Tx,
        kept: &KeptMessage,
        open: &Open,
        settling: Settling<'_>,
    ) -> Result<usize, MailError> {
        if settling.why.trim().is_empty() && waits(kept.standing) {
            let instead = "say why it needs nobody any more".to_owned();
            return Err(MailError::NoAnswer { number: kept.number.0, said: String::new(), instead });
        }
        let asked = open.notes.questions.iter().map(|question| question.what).collect();
        let word = Word::Ruled(Ruling::Handled(asked)).write();
        keep(tx, decided::RULING, &subject_of(kept), &word, settling.by, settling.why, settling.now).await?;
        close(tx, kept, kept.number, settling).await?;
        for other in self.told_with(tx, kept).await? {
            close(tx, &other, kept.number, settling).await?;
        }
        Ok(0)
    }

    /// Takes back that a message was seen to, with all that went with it.
    async fn reopen(&self, tx: &mut Tx, kept: &KeptMessage) -> Result<(), MailError> {
        let mut all = self.told_with(tx, kept).await?;
        all.extend(tx.messages_of_id(&kept.id).await?.into_iter().filter(|it| it.number != kept.number));
        all.push(kept.clone());
        for other in all {
            let mut notes = Notes::read(&other.notes);
            let Some(handled) = notes.handled.take_if(|it| it.through == kept.number) else { continue };
            notes.questions.extend(handled.questions);
            let standing = if handled.was_question { Standing::Question } else { other.standing };
            tx.stand(other.number, standing, other.case.as_deref(), &notes.write()).await?;
        }
        Ok(())
    }

    /// What tells the same as a message: of a receipt that rejects, the message of ours; of a message of ours, the receipts that reject it.
    async fn told_with(&self, tx: &mut Tx, kept: &KeptMessage) -> Result<Vec<KeptMessage>, MailError> {
        let rejected = rejected_in(kept);
        if !rejected.is_empty() {
            let mut all = Vec::new();
            for id in rejected {
                all.extend(tx.messages_of_id(&id).await?);
            }
            all.retain(|it| it.direction == Direction::Out);
            return Ok(all);
        }
        if kept.direction == Direction::In || kept.id.is_empty() {
            return Ok(Vec::new());
        }
        let past = Past::load(tx, &BTreeSet::from([kept.id.clone()]), &self.settings).await?;
        let mut all = Vec::new();
        for earlier in &past.earlier {
            let other = existing(tx, earlier.number).await?;
            all.extend(Some(other).filter(|other| rejected_in(other).contains(&kept.id)));
        }
        Ok(all)
    }
}

/// What is open about a message.
struct Open {
    number: MessageNumber,
    standing: Standing,
    notes: Notes,
    /// Whether somebody must see to it.
    waits: bool,
}

impl Open {
    /// Of a message, and how the monitor had it a moment before: what somebody else has seen to since then waits no more.
    fn of(kept: &KeptMessage, before: &MessageLine, now: Timestamp) -> Self {
        let notes = Notes::read(&kept.notes);
        let is_as_before = kept.standing == before.standing && notes == Notes::read(&before.notes);
        let waits = is_as_before && track(before, now).needs_person;
        Self { number: kept.number, standing: kept.standing, notes, waits }
    }

    fn takes(&self, ruling: &Ruling) -> bool {
        let asks = |what: QuestionKind| self.notes.questions.iter().any(|question| question.what == what);
        match ruling.question() {
            None => self.waits,
            Some(QuestionKind::WhichStay) => asks(QuestionKind::WhichStay) || asks(QuestionKind::WhichPerson),
            Some(QuestionKind::WhichContent) => {
                asks(QuestionKind::WhichContent) || (self.waits && self.standing == Standing::Conflict)
            }
            Some(other) => asks(other),
        }
    }

    fn choices(&self, ruling: &Ruling) -> impl Iterator<Item = &str> {
        let what = ruling.question();
        let asked = self.notes.questions.iter().filter(move |question| Some(question.what) == what);
        asked.flat_map(|question: &Question| question.choices.iter().map(|choice| choice.value.as_str()))
    }

    fn offers(&self, ruling: &Ruling, said: &str) -> bool {
        self.choices(ruling).any(|choice| choice == said)
    }

    fn no_answer(&self, ruling: &Ruling, said: String) -> MailError {
        let choices: Vec<&str> = self.choices(ruling).collect();
        let instead = match ruling {
            Ruling::When(_) => "give a time that has been".to_owned(),
            Ruling::Content(_) => "give the number of a message with the same id".to_owned(),
            Ruling::Message(_) => "give the id of a message of the same kind".to_owned(),
            Ruling::Kind(_)
            | Ruling::Municipality(_)
            | Ruling::Admission(_)
            | Ruling::Stay(_)
            | Ruling::Meant(_)
            | Ruling::Handled(_) => format!("choose one of {}", choices.join(", ")),
        };
        MailError::NoAnswer { number: self.number.0, said, instead }
    }
}

/// Whether a message that stands so waits for somebody.
fn waits(standing: Standing) -> bool {
    match standing {
        Standing::Question | Standing::Conflict | Standing::Unreadable | Standing::NotOurs => true,
        Standing::Taken | Standing::Duplicate | Standing::Refused | Standing::Settled => false,
    }
}

/// The ids of the messages of ours that a message tells were rejected, asked about or seen to.
fn rejected_in(kept: &KeptMessage) -> BTreeSet<String> {
    let notes = Notes::read(&kept.notes);
    let before = notes.handled.iter().flat_map(|handled| &handled.questions);
    let all = notes.questions.iter().chain(before);
    all.filter(|it| it.what == QuestionKind::Rejected).map(|it| it.message.clone()).collect()
}

/// Notes that somebody saw to a message: nothing is asked of it any more. What it says to the log is as it was.
async fn close(
    tx: &mut Tx,
    kept: &KeptMessage,
    through: MessageNumber,
    settling: Settling<'_>,
) -> Result<(), MailError> {
    let stood = stood(tx, kept, settling.now).await?;
    let mut notes = Notes::read(&kept.notes);
    let was_question = kept.standing == Standing::Question;
    notes.handled = Some(Handled {
        through,
        by: settling.by.to_owned(),
        at: settling.now,
        stood,
        questions: std::mem::take(&mut notes.questions),
        was_question,
    });
    let standing = if was_question { Standing::Settled } else { kept.standing };
    tx.stand(kept.number, standing, kept.case.as_deref(), &notes.write()).await?;
    Ok(())
}

/// How a message of ours stands with its receivers; empty of one that came.
async fn stood(tx: &mut Tx, kept: &KeptMessage, now: Timestamp) -> Result<String, StoreError> {
    let life = match kept.direction {
        Direction::Out => tx.life(&kept.id).await?,
        Direction::In => None,
    };
    let life = life.and_then(|row| serde_json::from_str::<Life>(&row.json).ok());
    Ok(stands(life.iter().flat_map(|life| life.states(now))))
}

/// What was decided before of what isn't open any more.
async fn before(tx: &mut Tx, kept: &KeptMessage, ruling: &Ruling) -> Result<Settled, MailError> {
    let standing = rulings_of(tx, kept).await?;
    let same = standing.iter().rfind(|it| it.ruling.question() == ruling.question());
    let found = same.or(standing.last()).cloned();
    let nothing =
        || MailError::NoQuestion { number: kept.number.0, says: "nothing of it waits for this answer" };
    Ok(Settled::Before(Box::new(found.ok_or_else(nothing)?)))
}
