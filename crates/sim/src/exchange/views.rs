//! What the nodes have at the end.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_base::{Entry, Position};
use samspill_formats::{
    messages::{norway, read::read, types::Message},
    xml,
};
use samspill_service::exchange::{
    mailroom::{Notes, Settings},
    meaning::{Answers, QuestionKind},
};
use samspill_store::{
    AlertFilter, Direction, KeptAlert, KeptMessage, MessageFilter, MessageLine, MessageNumber, Standing,
    StoreError, Verification,
};
use sha2::{Digest, Sha256};

use super::{Counts, Defect, Failure, Report, harness::Harness, node::Node};

/// What a node has at the end.
#[derive(Debug)]
pub(super) struct View {
    pub(super) log: Vec<Entry>,
    pub(super) lines: Vec<MessageLine>,
    pub(super) alerts: Vec<KeptAlert>,
    pub(super) verified: Verification,
    /// The messages that say something for the log, in the order in which they came.
    pub(super) counting: Vec<Message>,
    received: BTreeMap<String, Timestamp>,
}

impl View {
    async fn of(node: &Node) -> Result<Self, StoreError> {
        let (store, community) = (node.room.store(), node.room.community());
        let mut log: Vec<Entry> = Vec::new();
        loop {
            let from = Position(log.last().map_or(1, |entry| entry.position.0 + 1));
            let read = store.read(community, from, 1_000).await?;
            if read.is_empty() {
                break;
            }
            log.extend(read.into_iter().map(|line| line.entry));
        }
        let mut view = Self {
            log,
            lines: lines(node).await?,
            alerts: store.alerts(community, AlertFilter::Active).await?,
            verified: store.verify(community, &[]).await?,
            counting: Vec::new(),
            received: BTreeMap::new(),
        };
        for number in view.lines.iter().filter(|line| counts(line.standing)).map(|line| line.number) {
            if let Some(kept) = store.message(community, number).await? {
                view.received.extend(received(&kept));
                view.counting.extend(message(&kept, node.room.settings()));
            }
        }
        Ok(view)
    }

    /// What the messages are read by when they are read anew, all at once.
    pub(super) fn answers<'s>(&self, settings: &'s Settings) -> Answers<'s> {
        Answers {
            table: &settings.table,
            zone: norway(),
            received: self.received.clone(),
            ..Answers::new(&settings.directory)
        }
    }

    /// The messages with this id that came in.
    pub(super) fn came<'v>(&'v self, id: &'v str) -> impl Iterator<Item = &'v MessageLine> {
        self.lines.iter().filter(move |line| line.direction == Direction::In && line.id == id)
    }

    /// The message with this id that was sent.
    pub(super) fn sent<'v>(&'v self, id: &'v str) -> impl Iterator<Item = &'v MessageLine> {
        self.lines.iter().filter(move |line| line.direction == Direction::Out && line.id == id)
    }

    /// The receipts for a message, that went one way.
    pub(super) fn receipts<'v>(
        &'v self,
        about: &'v str,
        direction: Direction,
    ) -> impl Iterator<Item = &'v MessageLine> {
        let is_for = move |line: &&MessageLine| line.about.as_deref() == Some(about);
        self.lines.iter().filter(is_for).filter(move |line| line.direction == direction)
    }

    /// What the node has of a message: entries that name it, and how it stands.
    pub(super) fn about(&self, id: &str) -> Vec<String> {
        let names = |entry: &&Entry| {
            let field = entry.field("gjelder").and_then(samspill_base::Value::as_text);
            [entry.id.as_deref(), field].into_iter().flatten().any(|it| it.starts_with(id))
        };
        let entries = self.log.iter().filter(names).map(|entry| {
            let field = entry.field("gjelder").and_then(samspill_base::Value::as_text).unwrap_or_default();
            let id = entry.id.as_deref().unwrap_or_default();
            format!("{} {} {id} {field} in {}", entry.position.0, entry.kind, entry.case)
        });
        let of_it = |line: &&MessageLine| line.id == id || line.about.as_deref() == Some(id);
        let lines = self.lines.iter().filter(of_it).map(|line| {
            format!(
                "message {} {:?} {} at {}: {:?} {}",
                line.number.0, line.direction, line.kind, line.at, line.standing, line.notes
            )
        });
        entries.chain(lines).collect()
    }

    /// What is asked of people, by message.
    pub(super) fn questions(&self) -> BTreeSet<(String, QuestionKind)> {
        let asked = self.lines.iter().flat_map(|line| Notes::read(&line.notes).questions);
        asked.map(|question| (question.message, question.what)).collect()
    }
}

async fn lines(node: &Node) -> Result<Vec<MessageLine>, StoreError> {
    let (store, community) = (node.room.store(), node.room.community());
    let mut lines: Vec<MessageLine> = Vec::new();
    loop {
        let last = lines.last().map_or(MessageNumber(0), |line| line.number);
        let more = store.messages(community, &MessageFilter::default(), last, 500).await?;
        if more.is_empty() {
            return Ok(lines);
        }
        lines.extend(more);
    }
}

/// Whether a message says something for the log.
pub(super) fn counts(standing: Standing) -> bool {
    match standing {
        Standing::Taken | Standing::Question | Standing::Settled => true,
        Standing::Duplicate
        | Standing::Conflict
        | Standing::Refused
        | Standing::Unreadable
        | Standing::NotOurs => false,
    }
}

fn received(kept: &KeptMessage) -> Option<(String, Timestamp)> {
    let at = Timestamp::from_second(kept.at.as_second()).ok()?;
    (kept.direction == Direction::In).then(|| (kept.id.clone(), at))
}

fn message(kept: &KeptMessage, settings: &Settings) -> Option<Message> {
    let text = xml::decode(&kept.bytes, &settings.xml).ok()?;
    let document = xml::parse(&text, &settings.xml).ok()?;
    Some(read(&document, &settings.limits).0)
}

impl Harness {
    /// What all nodes have, after they have looked once more at what time has changed.
    pub(super) async fn views(&mut self) -> Result<Vec<View>, Failure> {
        let mut views = Vec::new();
        for node in &self.nodes {
            node.room.tick(self.now).await.map_err(|error| self.machine(&error))?;
            let mut view = View::of(node).await.map_err(|error| self.machine(&error))?;
            if self.shape.defect == Some(Defect::ForgetsCorrections) {
                view.log.retain(|entry| !entry.id.as_ref().is_some_and(|id| id.contains('~')));
            }
            views.push(view);
        }
        Ok(views)
    }

    /// What the run came to.
    pub(super) fn report(&self, views: &[View]) -> Report {
        let mut counts: Counts = self.counts.clone();
        for (what, count) in self.net.counts() {
            *counts.entry(what).or_default() += count;
        }
        let mut digest = Sha256::new();
        for view in views {
            let corrections = view.log.iter().filter(|it| it.id.as_ref().is_some_and(|id| id.contains('~')));
            add(&mut counts, "corrections", corrections.count());
            add(&mut counts, "questions", view.questions().len());
            add(&mut counts, "entries", view.log.len());
            digest.update(format!("{:?}\n", view.verified.head));
            for line in &view.lines {
                digest
                    .update(format!("{:?}\n", (line.number, &line.id, line.at, line.standing, &line.notes)));
            }
        }
        let digest = digest.finalize().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        Report { counts, digest }
    }
}

fn add(counts: &mut Counts, what: &'static str, count: usize) {
    *counts.entry(what).or_default() += u64::try_from(count).unwrap_or(u64::MAX);
}
