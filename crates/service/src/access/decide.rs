use jiff::{SignedDuration, Timestamp};

use super::{
    Action, Ends, Involvement, Policy, Protection, Purpose, Resource, Subject,
    policy::{Relation, Rights, StayRights},
};

/// What the policy says, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed.
    pub is_allowed: bool,
    /// The rule that decided.
    pub rule: Rule,
}

/// A rule of the policy. Its slug stands in the access log and in refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The subject's own unit or party takes part in the stay.
    TakesPart,
    /// The subject's party pays for the stay.
    Pays,
    /// The subject took it on themselves.
    TookIt,
    /// It belongs to all who are logged in.
    Common,
    /// It is the subject's own party, and the role has this task.
    OwnParty,
    /// The role doesn't have this task.
    NotTheRole,
    /// The role has no business with stays for this purpose.
    NotThePurpose,
    /// The subject's party has no part in it.
    NoPart,
    /// It was theirs, and is too long ago.
    TooLongAgo,
}

/// What of a patient may be shown to somebody who may see the stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Name, identity number and birth date.
    pub name: bool,
    /// Where the patient lives.
    pub address: bool,
}

/// Whether the subject may, by the policy that is shipped. Pure: the same question has the same answer on a page, in a list, in the
/// API and in an export.
pub fn decide(
    subject: &Subject,
    purpose: Purpose,
    action: Action,
    resource: Resource<'_>,
    now: Timestamp,
) -> Decision {
    Policy::shipped().decide(subject, purpose, action, resource, now)
}

impl Policy {
    /// Whether the subject may. Pure: the same question has the same answer on a page, in a list, in the API and in an export.
    ///
    /// Of several relations to a stay, the first that allows it decides; where none does, the refusal that comes nearest is told:
    /// too long ago, then no part in it, then another purpose, then another role. The last instant of a limit is still within it.
    pub fn decide(
        &self,
        subject: &Subject,
        purpose: Purpose,
        action: Action,
        resource: Resource<'_>,
        now: Timestamp,
    ) -> Decision {
        let Some(rights) = self.rights(subject.role) else { return Decision::no(Rule::NotTheRole) };
        match resource {
            Resource::Stay(stay) => rights.stay(subject, (purpose, action), stay, now),
            Resource::Entry(stay, ends) => rights.entry(subject, (purpose, action), (stay, ends), now),
            Resource::Party(party) => rights.party(subject, action, party),
            Resource::Community if rights.community.contains(&action) => Decision::yes(Rule::Common),
            Resource::Community => Decision::no(Rule::NotTheRole),
        }
    }

    /// What of the patient of a stay is shown to somebody who may see the stay: all, unless it is protected and the own unit takes no
    /// part. What somebody took on themselves doesn't lift the protection.
    pub fn shown(&self, subject: &Subject, stay: &Involvement) -> Shown {
        let is_own = Relation::OwnUnit.is_between(subject, stay, Timestamp::MIN);
        match stay.protection {
            Protection::None => Shown { name: true, address: true },
            Protection::Address => Shown { name: true, address: is_own },
            Protection::Identity => Shown { name: is_own, address: is_own },
        }
    }
}

impl Decision {
    fn yes(rule: Rule) -> Self {
        Self { is_allowed: true, rule }
    }

    fn no(rule: Rule) -> Self {
        Self { is_allowed: false, rule }
    }
}

impl Rights {
    fn stay(
        &self,
        subject: &Subject,
        (purpose, action): (Purpose, Action),
        stay: &Involvement,
        now: Timestamp,
    ) -> Decision {
        let mut giving = self.stays.iter().filter(|(_, rights)| rights.actions.contains(&action)).peekable();
        if giving.peek().is_none() {
            return Decision::no(Rule::NotTheRole);
        }
        if !self.purposes.contains(&purpose) {
            return Decision::no(Rule::NotThePurpose);
        }
        let mut refusal = Rule::NoPart;
        for (relation, rights) in giving.filter(|(relation, _)| relation.is_between(subject, stay, now)) {
            if rights.is_within(stay, now) {
                return Decision::yes(relation.rule());
            }
            refusal = Rule::TooLongAgo;
        }
        Decision::no(refusal)
    }

    /// A message is for the parties at its ends alone, also where others take part in the stay. An event is for all of these.
    fn entry(
        &self,
        subject: &Subject,
        what: (Purpose, Action),
        (stay, ends): (&Involvement, &Ends),
        now: Timestamp,
    ) -> Decision {
        let decision = self.stay(subject, what, stay, now);
        let is_theirs = ends.to.is_none() || ends.has(&subject.party);
        if decision.is_allowed && !is_theirs { Decision::no(Rule::NoPart) } else { decision }
    }

    fn party(&self, subject: &Subject, action: Action, party: &str) -> Decision {
        match (self.own.contains(&action), subject.party == party) {
            (true, true) => Decision::yes(Rule::OwnParty),
            (true, false) => Decision::no(Rule::NoPart),
            (false, _) => Decision::no(Rule::NotTheRole),
        }
    }
}

impl StayRights {
    /// Whether a stay is open, or was settled so lately that the right is still there.
    fn is_within(&self, stay: &Involvement, now: Timestamp) -> bool {
        let Some(days) = self.days_after.filter(|_| !stay.is_open) else { return true };
        let limit = stay.last.checked_add(SignedDuration::from_hours(24 * i64::from(days)));
        limit.map_or(true, |limit| now <= limit)
    }
}

impl Relation {
    fn is_between(self, subject: &Subject, stay: &Involvement, now: Timestamp) -> bool {
        match self {
            Self::OwnUnit if subject.units.is_empty() => stay.has(&subject.party),
            Self::OwnUnit => {
                subject.units.iter().any(|unit| stay.units.contains(&(subject.party.clone(), unit.clone())))
            }
            Self::OwnParty => stay.has(&subject.party),
            Self::Pays => stay.payers.contains(&subject.party),
            Self::Taken => {
                let runs = |grant: &super::SelfGrant| grant.case == stay.case && now <= grant.until;
                stay.has(&subject.party) && subject.grants.iter().any(runs)
            }
        }
    }

    fn rule(self) -> Rule {
        match self {
            Self::OwnUnit | Self::OwnParty => Rule::TakesPart,
            Self::Pays => Rule::Pays,
            Self::Taken => Rule::TookIt,
        }
    }
}
