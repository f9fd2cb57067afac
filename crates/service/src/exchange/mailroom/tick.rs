//! What time alone changes: receipts that don't come, queues that stand still.

use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_store::{Alert, AlertFilter, OutboxState, QueueCount, Tx};

use super::{MailError, Mailroom, NOWHERE, receive::life_row};
use crate::exchange::receipts::Life;

/// Lives looked at in one go.
const LIVES_AT_ONCE: usize = 500;

/// What changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Messages whose receipts are overdue since the last look.
    pub overdue: Vec<String>,
    /// Alerts that began.
    pub raised: Vec<String>,
    /// Alerts that ended.
    pub cleared: Vec<String>,
}

impl Mailroom {
    /// Looks at what time has changed. An alert is told of once when it begins and once when it ends, however often this is asked.
    ///
    /// # Errors
    ///
    /// Where the store fails.
    pub async fn tick(&self, now: Timestamp) -> Result<Ticked, MailError> {
        let wanted = self.wanted_alerts(&self.store.queue_counts(&self.community).await?, now);
        let active = self.store.alerts(&self.community, AlertFilter::Active).await?;
        let mut tx = self.store.begin(&self.community).await?;
        let overdue = overdue(&mut tx, now).await?;
        let (mut raised, mut cleared) = (Vec::new(), Vec::new());
        for (name, says) in &wanted {
            let alert = Alert { name: name.clone(), says: says.clone(), at: now };
            if tx.raise(&alert).await? {
                raised.push(name.clone());
            }
        }
        for active in active {
            let is_ours = active.name.starts_with(QUEUE) || active.name.starts_with(DEAD);
            if is_ours && !wanted.contains_key(&active.name) && tx.clear(&active.name, now).await? {
                cleared.push(active.name);
            }
        }
        tx.commit().await?;
        Ok(Ticked { overdue, raised, cleared })
    }

    /// The alerts that should be on, by name, with what they say.
    fn wanted_alerts(&self, counts: &[QueueCount], now: Timestamp) -> BTreeMap<String, String> {
        let mut wanted = BTreeMap::new();
        for count in counts {
            let is_stuck = now.duration_since(count.oldest_made) > self.settings.queue_age_max
                || count.count > self.settings.queue_count_max;
            let channel = if count.channel == NOWHERE { "mottakere uten kanal" } else { &count.channel };
            let (name, says) = match count.state {
                OutboxState::Waiting | OutboxState::Sending if is_stuck => (
                    format!("{QUEUE}{}", count.channel),
                    format!("{} sendinger venter på {channel}: køen står.", count.count),
                ),
                OutboxState::Dead => (
                    format!("{DEAD}{}", count.channel),
                    format!("{} sendinger til {channel} er gitt opp, og venter på en person.", count.count),
                ),
                OutboxState::Waiting | OutboxState::Sending | OutboxState::Sent => continue,
            };
            wanted.insert(name, says);
        }
        wanted
    }
}

/// What alerts of queues that stand still begin with, and those of dead letters.
const QUEUE: &str = "kø:";
const DEAD: &str = "gitt opp:";

/// Marks the messages whose receipts are overdue. Exactly at its limit one isn't yet.
async fn overdue(tx: &mut Tx, now: Timestamp) -> Result<Vec<String>, MailError> {
    let mut overdue = Vec::new();
    for id in tx.lives_due(now, LIVES_AT_ONCE).await? {
        let Some(row) = tx.life(&id).await? else { continue };
        if let Ok(life) = serde_json::from_str::<Life>(&row.json) {
            let row = life_row(&life, row.message, now);
            if row.deadline.is_none_or(|deadline| deadline > now) {
                tx.set_life(&row).await?;
                overdue.push(id);
            }
        }
    }
    Ok(overdue)
}
