use jiff::{SignedDuration, Timestamp};
use samspill_store::{KeptGrant, NewGrant, PeopleTx, Review, StoreError};

use super::{About, Audit, Look};
use crate::access::{Action, Decision, Purpose, Rule, SelfGrant, Subject};

/// What goes for access that people take on themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantSettings {
    /// How long it lasts; exactly as long, it still runs.
    pub lasts: SignedDuration,
    /// Characters of a reason at the least.
    pub reason_min: usize,
    /// Characters of a reason at the most.
    pub reason_max: usize,
}

impl Default for GrantSettings {
    /// 8 hours, with a reason of 10 to 2000 characters.
    fn default() -> Self {
        Self { lasts: SignedDuration::from_hours(8), reason_min: 10, reason_max: 2000 }
    }
}

/// Access that somebody took on themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Its number.
    pub number: u64,
    /// Up to and including this instant.
    pub until: Timestamp,
}

/// What was found when access was looked at afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// There was a good reason.
    InOrder,
    /// Somebody must be asked about it.
    ToBeFollowedUp,
}

impl Verdict {
    /// All of them, in the order of the type.
    pub const ALL: [Self; 2] = [Self::InOrder, Self::ToBeFollowedUp];

    /// Its slug, as it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InOrder => "i-orden",
            Self::ToBeFollowedUp => "folges-opp",
        }
    }

    /// The verdict of a slug.
    pub fn called(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == slug)
    }
}

/// Who reviews access that others took on themselves, and what the policy said of that.
#[derive(Clone, Copy, Debug)]
pub struct Reviewer<'a> {
    /// Who.
    pub by: &'a Subject,
    /// What for.
    pub purpose: Purpose,
    /// What the policy said; it must have allowed it.
    pub decision: Decision,
    /// The request's id.
    pub request: &'a str,
}

impl<'a> Reviewer<'a> {
    fn look(&self, about: About<'a>, detail: &'a str, at: Timestamp) -> Look<'a> {
        let Self { by, purpose, decision, request } = *self;
        Look { by, action: Action::ReviewGrants, purpose, decision, about, detail, count: 1, request, at }
    }
}

/// Why access was not taken, or not reviewed.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The reason is too short or too long.
    #[error("the reason has {length} characters: write {min} to {max}")]
    Reason {
        /// Its length.
        length: usize,
        /// The least.
        min: usize,
        /// The most.
        max: usize,
    },
    /// There is no such.
    #[error("there is no access number {0} that somebody took on themselves")]
    NotThere(u64),
    /// Somebody reviewed it before.
    #[error("access number {0} was reviewed before")]
    Reviewed(u64),
    /// Nobody reviews their own.
    #[error("access number {0} is your own: somebody else must review it")]
    Own(u64),
    /// A time beyond the calendar.
    #[error("the time lies too far ahead")]
    Time,
}

impl Audit {
    /// Takes access to a stay on oneself. The reason and the row of the access log are on disk when this returns; sessions in the same
    /// role have the access from then on.
    ///
    /// # Errors
    ///
    /// [`GrantError::Reason`], and the store's.
    pub async fn grant_self(
        &self,
        by: &Subject,
        case: &str,
        reason: &str,
        settings: &GrantSettings,
        request: &str,
        now: Timestamp,
    ) -> Result<Granted, GrantError> {
        let reason = reason.trim();
        let (length, GrantSettings { lasts, reason_min: min, reason_max: max }) =
            (reason.chars().count(), *settings);
        if !(min..=max).contains(&length) {
            return Err(GrantError::Reason { length, min, max });
        }
        let until = now.checked_add(lasts).map_err(|_| GrantError::Time)?;
        let grant = NewGrant {
            account: by.account.clone(),
            name: by.name.clone(),
            role: by.role.as_str().to_owned(),
            party: by.party.clone(),
            case: case.to_owned(),
            reason: reason.to_owned(),
            at: now,
            until,
        };
        let none = std::collections::BTreeSet::new();
        let about = About::Stay { case, persons: &none };
        let row = |number: u64| {
            let detail = number.to_string();
            self.row(&Look { detail: &detail, ..look(by, TAKEN, about, request, now) })
        };
        let work = async |tx: &mut PeopleTx| {
            let number = tx.add_grant(&grant).await?;
            tx.log_access(&row(number)).await?;
            Ok::<_, StoreError>(number)
        };
        let number = self.store.write_people(&self.community, work).await?;
        Ok(Granted { number, until })
    }

    /// What an account took on itself and runs at an instant, whatever role it took it in.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn running_grants(&self, account: &str, now: Timestamp) -> Result<Vec<SelfGrant>, StoreError> {
        let running = self.store.grants_running(&self.community, account, now).await?;
        let running = running.into_iter().map(|kept| kept.grant);
        Ok(running.map(|grant| SelfGrant { case: grant.case, until: grant.until }).collect())
    }

    /// Up to `limit` that nobody has reviewed, the oldest first; of one party, or of all.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn unreviewed(&self, party: Option<&str>, limit: usize) -> Result<Vec<KeptGrant>, StoreError> {
        self.store.grants_unreviewed(&self.community, party, limit).await
    }

    /// Up to `limit` after a number, reviewed or not.
    ///
    /// # Errors
    ///
    /// The store's.
    pub async fn grants(&self, after: u64, limit: usize) -> Result<Vec<KeptGrant>, StoreError> {
        self.store.grants(&self.community, after, limit).await
    }

    /// Says what was found of one afterwards. That it was reviewed stands in the access log.
    ///
    /// # Errors
    ///
    /// [`GrantError::NotThere`], [`GrantError::Reviewed`], [`GrantError::Own`], and the store's.
    pub async fn review(
        &self,
        number: u64,
        by: &Reviewer<'_>,
        verdict: Verdict,
        remark: &str,
        now: Timestamp,
    ) -> Result<(), GrantError> {
        let review = Review {
            by: by.by.name.clone(),
            at: now,
            verdict: verdict.as_str().to_owned(),
            remark: remark.trim().to_owned(),
        };
        let none = std::collections::BTreeSet::new();
        let row = |case: &str| {
            let about = About::Stay { case, persons: &none };
            let detail = format!("{number} {}", verdict.as_str());
            self.row(&by.look(about, &detail, now))
        };
        let work = async |tx: &mut PeopleTx| {
            let kept = tx.grant(number).await?.ok_or(GrantError::NotThere(number))?;
            if kept.grant.account == by.by.account {
                return Err(GrantError::Own(number));
            }
            if !tx.review_grant(number, &review).await? {
                return Err(GrantError::Reviewed(number));
            }
            tx.log_access(&row(&kept.grant.case)).await?;
            Ok(())
        };
        self.store.write_people(&self.community, work).await
    }
}

/// That access was taken: what, what for, and why it was allowed. The policy was asked before.
const TAKEN: (Action, Purpose, Rule) = (Action::GrantSelf, Purpose::Care, Rule::TookIt);

fn look<'a>(
    by: &'a Subject,
    (action, purpose, rule): (Action, Purpose, Rule),
    about: About<'a>,
    request: &'a str,
    at: Timestamp,
) -> Look<'a> {
    let decision = Decision { is_allowed: true, rule };
    Look { by, action, purpose, decision, about, detail: "", count: 1, request, at }
}
