use jiff::{SignedDuration, Timestamp};
use samspill_agreement::model::Language;
use samspill_service::{
    access::{Action, Subject},
    people::Desk,
};

use super::{Refused, Signed};
use crate::App;

/// How far back something is news to who is new: a day and a night. What happened exactly so long ago still is.
const NEWS: SignedDuration = SignedDuration::from_hours(24);

impl App {
    /// Lets somebody who is new to the stays of a role begin with what is news: called when they log in or choose the role.
    ///
    /// Who has opened none of the stays that the role reads hasn't worked with them. What happened in them before the last day and night
    /// is marked as seen: else all that ever came would wait unread on the first day of work, and what comes next would drown in it.
    /// Nothing is marked for who has opened one of them, and for roles that read no messages.
    ///
    /// # Errors
    ///
    /// The store's.
    pub(crate) async fn settle_in(&self, subject: &Subject) -> Result<(), Refused> {
        let now = self.now();
        let parts = self.parts();
        let signed = Signed::new(subject.clone(), String::new(), Language::Bokmal).under(&parts.policy);
        if !signed.has_task(Action::ReadMessage, now) {
            return Ok(());
        }
        let desk = Desk::new(parts.store.clone(), parts.community.clone());
        let seen = desk.seen(&subject.account).await.map_err(Refused::failed)?;
        let stays = self.live().stays();
        let theirs = stays.iter().filter(|line| signed.sees(&line.involvement, Action::ReadMessage, now));
        let theirs: Vec<_> = theirs.map(|line| self.line_seen_by(&signed, line)).collect();
        if theirs.iter().any(|line| seen.contains_key(&line.row.case)) {
            return Ok(());
        }
        let since = now.checked_sub(NEWS).unwrap_or(Timestamp::MIN);
        let old = theirs.iter().filter(|line| line.last < since);
        let old: Vec<_> = old.map(|line| (line.row.case.clone(), line.last_position)).collect();
        desk.mark_all_seen(&subject.account, &old).await.map_err(Refused::failed)?;
        self.waiting().forget_unread(&subject.account);
        Ok(())
    }
}
