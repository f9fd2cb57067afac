//! What the parts of a process tell of themselves, for `/ready`.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use samspill_transport::{Channel, Health};
use serde_json::{Value, json};

use crate::logging::masked;

/// Where parts tell how they are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    phase: Phase,
    store: Option<String>,
    position: u64,
    loops: BTreeMap<String, LoopState>,
    channels: Vec<Arc<dyn Channel>>,
}

/// Where the process is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Starting,
    Running,
    Stopping,
}

/// How it is with a loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct LoopState {
    restarts: u64,
    is_down: bool,
}

/// Whether work may be sent here, and why.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Readiness {
    pub(crate) is_ready: bool,
    pub(crate) told: Value,
}

impl Board {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn phase(&self, phase: Phase) {
        self.told().phase = phase;
    }

    pub(crate) fn channels(&self, channels: Vec<Arc<dyn Channel>>) {
        self.told().channels = channels;
    }

    /// How the store answered when it was last asked: how far the log goes, or what is wrong.
    pub(crate) fn store(&self, answer: Result<u64, String>) {
        let mut told = self.told();
        match answer {
            Ok(position) => (told.store, told.position) = (None, position),
            Err(says) => told.store = Some(says),
        }
    }

    pub(crate) fn loop_fell(&self, name: &str) {
        let mut told = self.told();
        let state = told.loops.entry(name.to_owned()).or_default();
        *state = LoopState { restarts: state.restarts + 1, is_down: true };
    }

    pub(crate) fn loop_runs(&self, name: &str) {
        self.told().loops.entry(name.to_owned()).or_default().is_down = false;
    }

    /// Ready where the process runs, the store answers and no loop lies down. A channel that is down is told and is no reason
    /// to send work elsewhere: another node would have the same partner.
    pub(crate) fn readiness(&self) -> Readiness {
        let told = self.told();
        let mut reasons: Vec<String> = Vec::new();
        match told.phase {
            Phase::Starting => reasons.push("the node is starting".to_owned()),
            Phase::Stopping => reasons.push("the node is stopping".to_owned()),
            Phase::Running => {}
        }
        reasons.extend(told.store.iter().map(|says| masked(says).into_owned()));
        let down = told.loops.iter().filter(|(_, state)| state.is_down);
        reasons.extend(down.map(|(name, _)| format!("{name} panicked and is begun again soon")));
        let channels: Vec<Value> =
            told.channels.iter().map(|channel| channel_as_json(channel.as_ref())).collect();
        let loops = told.loops.iter().filter(|(_, state)| state.restarts > 0);
        let loops: Vec<Value> =
            loops.map(|(name, state)| json!({"loop": name, "restarts": state.restarts})).collect();
        let is_ready = reasons.is_empty();
        let told = json!({
            "ready": is_ready,
            "reasons": reasons,
            "position": told.position,
            "channels": channels,
            "restarted": loops,
        });
        Readiness { is_ready, told }
    }
}

fn channel_as_json(channel: &dyn Channel) -> Value {
    match channel.health() {
        Health::Unknown => json!({"channel": channel.name(), "line": "untried"}),
        Health::Up => json!({"channel": channel.name(), "line": "up"}),
        Health::Down { since, says } => {
            json!({"channel": channel.name(), "line": "down", "since": since.to_string(), "says": masked(&says)})
        }
    }
}
