//! What is counted and measured, for Prometheus. Labels are names of the configuration and kinds of messages; nothing of what a
//! message says.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64},
    },
    time::Duration,
};

use jiff::Timestamp;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::Registry,
};

use crate::logging::masked;

/// A metric: its name as Prometheus sees it, what it says, and what to do about it.
#[derive(Clone, Copy, Debug)]
pub struct MetricDoc {
    /// Its name.
    pub name: &'static str,
    /// What it says, with its unit.
    pub says: &'static str,
    /// When to look, and what to do then.
    pub watch: &'static str,
}

/// Every metric.
pub const METRICS: &[MetricDoc] = &[
    MetricDoc {
        name: "samspill_messages_total",
        says: "Messages by `direction`, `kind` and `channel`, receipts left out.",
        watch: "None in for an hour of a working day where there always are some: look at the channel and ask a partner.",
    },
    MetricDoc {
        name: "samspill_receipts_total",
        says: "Receipts by `direction` and `verdict`.",
        watch: "Rejections that become more: the monitor shows the reasons.",
    },
    MetricDoc {
        name: "samspill_queue_messages",
        says: "Messages that wait to be handed over, by `channel`.",
        watch: "Grows while the channel is up: the receiver is slow, or the node is. There is an alert.",
    },
    MetricDoc {
        name: "samspill_queue_oldest_seconds",
        says: "How long the oldest of them has waited, tries included, by `channel`; 0 where none waits.",
        watch: "As above. Legal time limits run all the while: start the downtime procedure.",
    },
    MetricDoc {
        name: "samspill_dead_letters",
        says: "Messages that nobody tries to hand over any more, by `channel`.",
        watch: "Above 0: a person must look. See Dead letters.",
    },
    MetricDoc {
        name: "samspill_alerts_active",
        says: "Alerts that are raised and not cleared.",
        watch: "Above 0: see Alerts.",
    },
    MetricDoc {
        name: "samspill_append_seconds",
        says: "How long an append took, until it was on disk.",
        watch: "The 99th percentile above 1 s: look at the disk, and for long transactions in PostgreSQL.",
    },
    MetricDoc {
        name: "samspill_job_runs_total",
        says: "Runs of a `job` on this node by `outcome`: `done`, `failed`, `panicked`, `lost`.",
        watch: "`panicked` grows: report it, with the place that the log names. `lost`: the database was slow or the clock was set.",
    },
    MetricDoc {
        name: "samspill_job_done_timestamp_seconds",
        says: "When a `job` was last done on this node, in seconds since 1970.",
        watch: "The newest over all nodes is older than three intervals: no node does it. Look at `/ready` and the log.",
    },
    MetricDoc {
        name: "samspill_notices_total",
        says: "E-mails to people by `outcome`: `sent`, `later`, `refused`.",
        watch: "`later` grows and `sent` doesn't: ask who keeps the mail server. `refused`: an address is wrong; its owner sees it on the page of notices.",
    },
    MetricDoc {
        name: "samspill_channel_up",
        says: "1 where a `channel` works or was not tried yet, 0 where it doesn't.",
        watch: "0 for more than some minutes: the reason stands in `/ready` and the log.",
    },
    MetricDoc {
        name: "samspill_loop_restarts_total",
        says: "How often a `loop` of the process panicked and was begun again.",
        watch: "Above 0: report it, with the place that the log names.",
    },
    MetricDoc {
        name: "samspill_log_position",
        says: "The last position of the community's log that this node has seen.",
        watch: "Nodes that differ for minutes: one of them doesn't reach the database.",
    },
    MetricDoc {
        name: "samspill_requests_total",
        says: "Requests to this address by `path` and `status`.",
        watch: "",
    },
    MetricDoc {
        name: "samspill_build_info",
        says: "1, with the `version` of the program.",
        watch: "After an upgrade: all nodes say the new one.",
    },
];

/// Kinds of messages that are counted by name; further ones are `other`.
const KINDS_MAX: usize = 64;

/// What a message is counted under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// It came.
    In,
    /// It went.
    Out,
}

/// How a receipt answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReceiptVerdict {
    /// Taken.
    Accepted,
    /// Rejected.
    Rejected,
}

/// How a run of a job went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunOutcome {
    /// It did what it does.
    Done,
    /// It said that it couldn't.
    Failed,
    /// It panicked.
    Panicked,
    /// Its lease was lost while it ran, and it was stopped.
    Lost,
}

/// What became of an e-mail to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeOutcome {
    /// The mail server took it.
    Sent,
    /// It is tried later.
    Later,
    /// Nobody takes messages at the address.
    Refused,
}

/// The queue of a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueState {
    /// Messages that wait.
    pub waiting: u64,
    /// How long the oldest of them has waited.
    pub oldest: Duration,
    /// Dead letters.
    pub dead: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MessageLabels {
    direction: &'static str,
    kind: String,
    channel: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReceiptLabels {
    direction: &'static str,
    verdict: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ChannelLabel {
    channel: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RunLabels {
    job: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct NoticeLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobLabel {
    job: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LoopLabel {
    r#loop: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    path: &'static str,
    status: u16,
}

/// The counters of a process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    kinds: Mutex<BTreeSet<String>>,
    messages: Family<MessageLabels, Counter>,
    receipts: Family<ReceiptLabels, Counter>,
    waiting: Family<ChannelLabel, Gauge>,
    oldest: Family<ChannelLabel, Gauge<f64, AtomicU64>>,
    dead: Family<ChannelLabel, Gauge>,
    alerts: Gauge,
    append: Histogram,
    runs: Family<RunLabels, Counter>,
    done: Family<JobLabel, Gauge>,
    notices: Family<NoticeLabels, Counter>,
    up: Family<ChannelLabel, Gauge<i64, AtomicI64>>,
    restarts: Family<LoopLabel, Counter>,
    position: Gauge,
    requests: Family<RequestLabels, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Counters at zero.
    pub fn new() -> Self {
        // From half a millisecond on, each bound twice the one before: 16 s is the last.
        let bounds = std::iter::successors(Some(0.0005), |bound| Some(bound * 2.0)).take(16);
        let mut metrics = Self {
            registry: Registry::default(),
            kinds: Mutex::default(),
            messages: Family::default(),
            receipts: Family::default(),
            waiting: Family::default(),
            oldest: Family::default(),
            dead: Family::default(),
            alerts: Gauge::default(),
            append: Histogram::new(bounds),
            runs: Family::default(),
            done: Family::default(),
            notices: Family::default(),
            up: Family::default(),
            restarts: Family::default(),
            position: Gauge::default(),
            requests: Family::default(),
        };
        metrics.register();
        metrics
    }

    /// The format adds `_total` and `_info` itself, and the full stop after what a metric says.
    fn register(&mut self) {
        let says = |name: &str| {
            let doc = METRICS
                .iter()
                .find(|doc| doc.name.trim_end_matches("_total").trim_end_matches("_info") == name);
            doc.map(|doc| doc.says.trim_end_matches('.').replace('`', "")).unwrap_or_default()
        };
        let registry = &mut self.registry;
        macro_rules! register {
            ($($name:literal $metric:expr),* $(,)?) => { $(registry.register($name, says($name), $metric);)* };
        }
        register!(
            "samspill_messages" self.messages.clone(),
            "samspill_receipts" self.receipts.clone(),
            "samspill_queue_messages" self.waiting.clone(),
            "samspill_queue_oldest_seconds" self.oldest.clone(),
            "samspill_dead_letters" self.dead.clone(),
            "samspill_alerts_active" self.alerts.clone(),
            "samspill_append_seconds" self.append.clone(),
            "samspill_job_runs" self.runs.clone(),
            "samspill_job_done_timestamp_seconds" self.done.clone(),
            "samspill_notices" self.notices.clone(),
            "samspill_channel_up" self.up.clone(),
            "samspill_loop_restarts" self.restarts.clone(),
            "samspill_log_position" self.position.clone(),
            "samspill_requests" self.requests.clone(),
            "samspill_build" Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]),
        );
    }

    /// A message came or went.
    pub fn message(&self, way: Way, kind: &str, channel: &str) {
        let labels =
            MessageLabels { direction: way.word(), kind: self.kind(kind), channel: channel.to_owned() };
        self.messages.get_or_create(&labels).inc();
    }

    /// A receipt came or went.
    pub fn receipt(&self, way: Way, verdict: ReceiptVerdict) {
        let labels = ReceiptLabels { direction: way.word(), verdict: verdict.word() };
        self.receipts.get_or_create(&labels).inc();
    }

    /// How it is with a channel's queue.
    pub fn queue(&self, channel: &str, state: QueueState) {
        let label = ChannelLabel { channel: channel.to_owned() };
        self.waiting.get_or_create(&label).set(count(state.waiting));
        self.oldest.get_or_create(&label).set(state.oldest.as_secs_f64());
        self.dead.get_or_create(&label).set(count(state.dead));
    }

    /// How many alerts are raised.
    pub fn alerts(&self, active: u64) {
        self.alerts.set(count(active));
    }

    /// An append is on disk.
    pub fn append(&self, took: Duration) {
        self.append.observe(took.as_secs_f64());
    }

    /// A run of a job ended.
    pub fn run(&self, job: &str, outcome: RunOutcome, at: Timestamp) {
        self.runs.get_or_create(&RunLabels { job: job.to_owned(), outcome: outcome.word() }).inc();
        if outcome == RunOutcome::Done {
            self.done.get_or_create(&JobLabel { job: job.to_owned() }).set(at.as_second());
        }
    }

    /// What became of an e-mail to somebody.
    pub fn notice(&self, outcome: NoticeOutcome) {
        let outcome = match outcome {
            NoticeOutcome::Sent => "sent",
            NoticeOutcome::Later => "later",
            NoticeOutcome::Refused => "refused",
        };
        self.notices.get_or_create(&NoticeLabels { outcome }).inc();
    }

    /// Whether a channel works.
    pub fn channel_up(&self, channel: &str, is_up: bool) {
        self.up.get_or_create(&ChannelLabel { channel: channel.to_owned() }).set(i64::from(is_up));
    }

    /// The end of the log.
    pub fn position(&self, position: u64) {
        self.position.set(count(position));
    }

    pub(crate) fn restarted(&self, of: &str) {
        self.restarts.get_or_create(&LoopLabel { r#loop: of.to_owned() }).inc();
    }

    pub(crate) fn request(&self, path: &'static str, status: u16) {
        self.requests.get_or_create(&RequestLabels { path, status }).inc();
    }

    /// All of it as text, in the format of `OpenMetrics` 1.0.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a String doesn't fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    /// A kind as it may stand in a label: senders choose these letters, so their number and form have limits.
    fn kind(&self, kind: &str) -> String {
        let is_code =
            kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if kind.is_empty() || kind.len() > 24 || !is_code || masked(kind) != kind {
            return "other".to_owned();
        }
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        if kinds.contains(kind) || (kinds.len() < KINDS_MAX && kinds.insert(kind.to_owned())) {
            return kind.to_owned();
        }
        "other".to_owned()
    }

    /// Runs of a job so far.
    #[cfg(test)]
    pub(crate) fn runs_of(&self, job: &str, outcome: RunOutcome) -> u64 {
        self.runs.get_or_create(&RunLabels { job: job.to_owned(), outcome: outcome.word() }).get()
    }
}

/// The metrics as a table in Markdown, for `docs/operating.md`.
pub fn metrics_reference() -> String {
    let row = |doc: &MetricDoc| format!("| `{}` | {} | {} |\n", doc.name, doc.says, doc.watch);
    let rows = METRICS.iter().fold(String::new(), |rows, doc| rows + &row(doc));
    format!("| metric | says | when to look, and what to do |\n|---|---|---|\n{rows}")
}

impl Way {
    fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

impl ReceiptVerdict {
    fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }
}

impl RunOutcome {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Lost => "lost",
        }
    }
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_of_the_table_is_told_and_no_other() {
        let metrics = Metrics::new();
        // What has no value yet isn't told.
        metrics.message(Way::In, "APPREC", "a");
        metrics.receipt(Way::Out, ReceiptVerdict::Accepted);
        metrics.queue("a", QueueState::default());
        metrics.run("a", RunOutcome::Done, Timestamp::UNIX_EPOCH);
        metrics.notice(NoticeOutcome::Sent);
        metrics.channel_up("a", true);
        metrics.restarted("a");
        metrics.request("/ready", 200);
        let text = metrics.text();
        let told: BTreeSet<&str> =
            text.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next()).collect();
        let without_ending = |name: &'static str| name.trim_end_matches("_total").trim_end_matches("_info");
        let table: BTreeSet<&str> = METRICS.iter().map(|doc| without_ending(doc.name)).collect();
        assert_eq!(told, table);
    }

    #[test]
    fn kinds_that_senders_make_up_are_counted_together() {
        let metrics = Metrics::new();
        for kind in ["LOG_INNLAGT", "", "Kari Nordmann", "17857112345", "a\"} 1\n", &"A".repeat(25)] {
            metrics.message(Way::In, kind, "mappe");
        }
        for number in 0..200 {
            metrics.message(Way::In, &format!("K{number}"), "mappe");
        }
        let text = metrics.text();
        let lines = text.lines().filter(|line| line.starts_with("samspill_messages_total{")).count();
        assert_eq!(lines, KINDS_MAX + 1);
        assert!(
            text.contains("kind=\"LOG_INNLAGT\"") && !text.contains("Kari") && !text.contains("17857112345")
        );
    }
}
