use super::{Desk, KeptDecision, MessageNumber, StoredMessage, desk::AT_ONCE, message::messages_from};
use crate::{Fault, StoreError, sql};

/// Walks along the messages and then the decisions of a community, so many at a time.
#[derive(Debug, Default)]
pub(crate) struct MailWalk {
    /// The last number of the messages that was seen.
    pub(crate) messages: u64,
    /// The last number of the decisions that was seen.
    pub(crate) decisions: u64,
}

const MESSAGE: &str = "message";
const DECISION: &str = "decision";

impl MailWalk {
    /// The next messages, and what is wrong with them. None, when all were seen.
    pub(crate) async fn messages(
        &mut self,
        desk: &mut Desk<'_>,
    ) -> Result<(Vec<StoredMessage>, Vec<Fault>), StoreError> {
        let found = messages_from(desk, MessageNumber(self.messages + 1), AT_ONCE).await?;
        let mut faults = Vec::new();
        for stored in &found {
            let number = stored.message.number.0;
            let is_own = stored.own_digest()[..] == stored.digest;
            step(MESSAGE, &mut self.messages, number, is_own, &mut faults);
        }
        if found.is_empty() {
            faults.extend(self.cut_off(desk).await?);
        }
        Ok((found, faults))
    }

    /// The next decisions, and what is wrong with them. None, when all were seen.
    pub(crate) async fn decisions(
        &mut self,
        desk: &mut Desk<'_>,
    ) -> Result<(Vec<KeptDecision>, Vec<Fault>), StoreError> {
        let found = KeptDecision::from(desk, self.decisions + 1, AT_ONCE).await?;
        let mut faults = Vec::new();
        for (decision, digest) in &found {
            let is_own = decision.digest()[..] == *digest;
            step(DECISION, &mut self.decisions, decision.number, is_own, &mut faults);
        }
        Ok((found.into_iter().map(|(decision, _)| decision).collect(), faults))
    }

    /// Messages of which nothing is left but what became of them.
    async fn cut_off(&self, desk: &mut Desk<'_>) -> Result<Option<Fault>, StoreError> {
        let rows = desk.rows("find the last message", sql::mail::LAST_STANDING, &[]).await?;
        let last = rows.into_iter().next().map_or(Ok(0), |mut row| row.count("message_standing", 0))?;
        let (from, to) = (self.messages + 1, last);
        Ok((from <= to).then_some(Fault::MailMissing { what: MESSAGE, from, to }))
    }
}

/// Goes to the next number, and tells of a hole before it and of a row that isn't what was written.
fn step(what: &'static str, last: &mut u64, number: u64, is_own: bool, faults: &mut Vec<Fault>) {
    if number > *last + 1 {
        faults.push(Fault::MailMissing { what, from: *last + 1, to: number - 1 });
    }
    if !is_own {
        faults.push(Fault::MailChanged { what, number });
    }
    *last = number;
}
