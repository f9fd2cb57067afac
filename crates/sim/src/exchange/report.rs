use std::{collections::BTreeMap, fmt};

use jiff::civil::Date;

/// What must hold at the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Stores open, and steps succeed.
    Machine,
    /// What a party writes can be sent.
    Send,
    /// All that is under way comes to rest.
    Quiet,
    /// The log of each node is whole.
    Chain,
    /// What was sent is kept by its sender once, and went out or is a dead letter with a reason.
    KeptBySender,
    /// What went out is kept by its receiver, once.
    TakenOnce,
    /// What a node has, somebody sent.
    Sent,
    /// No message counts twice in a log.
    CountedOnce,
    /// A receiver answers once, and for good; the sender's list says what the receiver answered.
    Receipts,
    /// The log says what all messages of the node say when they are read in order.
    Log,
    /// What is asked of people is what messages in order would have asked.
    Questions,
    /// Both sides say the same of what they exchanged, or a message that was refused or given up explains it.
    Sides,
    /// Where both say the same, they find the same duties and the same days.
    Evaluation,
    /// Alerts are on for what is given up, and for nothing else.
    Alerts,
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Something that doesn't hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Failure {
    /// The seed: with the shape, it makes it happen again.
    pub seed: u64,
    /// The day on which the message was sent.
    pub day: Option<Date>,
    /// The message that it is about.
    pub message: Option<String>,
    /// What doesn't hold.
    pub check: Check,
    /// What is wrong.
    pub says: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, day, message, check, says } = self;
        let day = day.map(|day| format!(", {day}")).unwrap_or_default();
        let message = message.as_ref().map(|id| format!(", message {id}")).unwrap_or_default();
        write!(f, "seed {seed}{day}{message}: {check}: {says}")
    }
}

/// How often what happened, by what it was.
pub type Counts = BTreeMap<&'static str, u64>;

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How often what happened: messages, faults, corrections, questions.
    pub counts: Counts,
    /// A digest of all logs and of all that was kept beside them.
    pub digest: String,
}

impl Report {
    /// How often something happened.
    pub fn count(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts.iter().map(|(what, count)| format!("{what} {count}"));
        f.write_str(&counts.collect::<Vec<_>>().join(", "))
    }
}
