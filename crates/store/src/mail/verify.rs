use super::{
    Desk, MessageNumber, StoredMessage, decision::StoredDecision, desk::AT_ONCE, message::messages_from,
};
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
            if is_own && desk.seal().is_some() {
                faults.extend(sealed_fault(stored.clone().opened(desk)));
            }
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
    ) -> Result<(Vec<StoredDecision>, Vec<Fault>), StoreError> {
        let found = StoredDecision::from(desk, self.decisions + 1, AT_ONCE).await?;
        let mut faults = Vec::new();
        for stored in &found {
            let is_own = stored.own_digest()[..] == stored.digest;
            step(DECISION, &mut self.decisions, stored.decision.number, is_own, &mut faults);
            if is_own && desk.seal().is_some() {
                faults.extend(sealed_fault(stored.clone().opened(desk)));
            }
        }
        Ok((found, faults))
    }

    /// Messages of which nothing is left but what became of them.
    async fn cut_off(&self, desk: &mut Desk<'_>) -> Result<Option<Fault>, StoreError> {
        let rows = desk.rows("find the last message", sql::mail::LAST_STANDING, &[]).await?;
        let last = rows.into_iter().next().map_or(Ok(0), |mut row| row.count("message_standing", 0))?;
        let (from, to) = (self.messages + 1, last);
        Ok((from <= to).then_some(Fault::MailMissing { what: MESSAGE, from, to }))
    }
}

/// What is wrong with a row that is as it was written, where it can't be opened with the keys that there are.
fn sealed_fault<T>(opened: Result<T, StoreError>) -> Option<Fault> {
    match opened {
        Err(StoreError::Sealed { what, number, says, .. }) => Some(Fault::MailSealed { what, number, says }),
        Ok(_) | Err(_) => None,
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
