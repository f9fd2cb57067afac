use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use samspill_agreement::model::KindType;
use sha2::{Digest, Sha256};

use super::{Choice, NoticeKind, Scope};
use crate::{
    access::{Action, Policy, Resource, Subject},
    downtime::{Bearing, Beside, Periods},
    exchange::{
        astray::Astray,
        meaning::{Address, AddressBook},
    },
    live::StayLine,
    people::{Assignment, duty_at},
    projections::{Agreements, DueRow, DutyRow},
};

/// Something to tell somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct News {
    /// What it is.
    pub kind: NoticeKind,
    /// Its name among what the account is told: a SHA-256 in hexadecimal digits, of which nobody reads a stay or a duty.
    pub key: String,
    /// The limit of the duty, where it has one. Of a message that didn't get through: the next limit of the own side in its stay, where
    /// there is one to come.
    pub due: Option<Timestamp>,
    /// Whether that limit lies in registered downtime of who must, or of who is to get what is asked for.
    pub in_downtime: bool,
}

/// What there is to tell, and whom it is told by: the open stays as of an instant.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'w> {
    /// The open stays.
    pub stays: &'w [Arc<StayLine>],
    /// The messages that didn't get through.
    pub astray: &'w [Astray],
    /// Who has taken what on, by case and duty: the account.
    pub given: &'w BTreeMap<(String, String), String>,
    /// What roles may see.
    pub policy: &'w Policy,
    /// Which parties have which side.
    pub book: &'w AddressBook,
    /// What the stays follow.
    pub agreements: &'w Agreements,
    /// The downtime that is known.
    pub periods: &'w Periods,
    /// As of when.
    pub now: Timestamp,
}

/// Who has taken which duties on, for [`Watch::given`].
pub(super) fn given(all: Vec<Assignment>) -> BTreeMap<(String, String), String> {
    all.into_iter().map(|it| ((it.case, it.duty), it.to)).collect()
}

impl Watch<'_> {
    /// What an account in these roles may be told by its choice, whether it was told or not, each thing once and in no order of stays.
    ///
    /// It is told of nothing that its pages wouldn't show: the duties of its own side in stays that a role sees, and messages where the
    /// role reads them.
    pub fn news_of(&self, subjects: &[Subject], choice: &Choice) -> Vec<News> {
        let mut news: Vec<News> =
            subjects.iter().flat_map(|subject| self.of_subject(subject, choice)).collect();
        news.sort();
        news.dedup();
        news
    }

    /// Those of some news that are sent at this instant: all outside the quiet hours; in them only duties that must be done before these
    /// are over, their end included, and messages that didn't get through in stays with such a duty.
    pub fn awake(&self, news: Vec<News>, quiet_until: Option<Timestamp>) -> Vec<News> {
        let Some(end) = quiet_until else { return news };
        let must = |it: &News| match it.kind {
            NoticeKind::Due => it.due.is_none_or(|due| due <= end),
            NoticeKind::Astray => it.due.is_some_and(|due| due <= end),
            NoticeKind::Late | NoticeKind::Answer => false,
        };
        news.into_iter().filter(must).collect()
    }

    fn of_subject<'s>(&'s self, subject: &'s Subject, choice: &'s Choice) -> impl Iterator<Item = News> + 's {
        let side = self.side_of(subject);
        // Who may list a stay and not read it, as those who keep accounts, is shown no duties.
        let reads =
            |stay| self.sees(subject, stay, Action::ListStay) && self.sees(subject, stay, Action::ReadStay);
        // What wasn't done in its time long ago is no news to anybody, nor to who asks for notices today.
        let seen = self.stays.iter().filter(move |stay| !stay.is_left_over(self.now) && reads(stay));
        seen.flat_map(move |stay| {
            let hidden = self.hidden(subject, stay);
            let own = stay.row.undone.iter().filter(move |duty| Some(duty.holder.as_str()) == side);
            let own = own.filter(move |duty| !duty.hangs_on(&hidden));
            let own = own.filter(move |duty| self.is_theirs(stay, duty, subject, choice.scope));
            own.flat_map(move |duty| {
                choice.kinds.iter().filter_map(move |kind| self.news(*kind, (stay, duty), subject, choice))
            })
        })
        .chain(self.astray_of(subject, choice))
    }

    /// The messages of their party that didn't get through and that they may read; of those who want to be told of their own duties alone,
    /// where they have taken one on in the stay.
    fn astray_of<'s>(&'s self, subject: &'s Subject, choice: &'s Choice) -> impl Iterator<Item = News> + 's {
        let wanted: &[Astray] = if choice.kinds.contains(&NoticeKind::Astray) { self.astray } else { &[] };
        let purpose = self.policy.usual_purpose(subject.role);
        let own = wanted.iter().filter(move |it| {
            it.is_for(self.book, &subject.party, |action, resource| {
                self.policy.decide(subject, purpose, action, resource, self.now).is_allowed
            }) && self.is_in_scope(it, subject, choice.scope)
        });
        own.map(|it| News {
            kind: NoticeKind::Astray,
            key: key_of_astray(it),
            due: self.next_limit(it, subject),
            in_downtime: false,
        })
    }

    fn is_in_scope(&self, it: &Astray, subject: &Subject, scope: Scope) -> bool {
        let is_taken = || {
            self.given
                .iter()
                .any(|((case, _), by)| it.line.case.as_ref() == Some(case) && *by == subject.account)
        };
        scope == Scope::Unit || is_taken()
    }

    /// The next limit of somebody's side in the stay of a message.
    fn next_limit(&self, it: &Astray, subject: &Subject) -> Option<Timestamp> {
        let side = self.side_of(subject);
        let stay = self.stays.iter().find(|stay| it.line.case.as_ref() == Some(&stay.row.case))?;
        let own = stay.row.undone.iter().filter(|duty| Some(duty.holder.as_str()) == side);
        own.filter_map(|duty| duty.due.instant()).filter(|due| *due >= self.now).min()
    }

    fn side_of(&self, subject: &Subject) -> Option<&'static str> {
        self.book.find(&subject.party).map(Address::role_id)
    }

    fn news(
        &self,
        kind: NoticeKind,
        (stay, duty): (&StayLine, &DutyRow),
        subject: &Subject,
        choice: &Choice,
    ) -> Option<News> {
        let soon = SignedDuration::from_mins(choice.before_minutes.into());
        let limit = duty.due.instant();
        let is_so = match kind {
            NoticeKind::Due if duty.due == DueRow::AtOnce => true,
            NoticeKind::Due => {
                limit.is_some_and(|due| self.now <= due && due.duration_since(self.now) <= soon)
            }
            NoticeKind::Late => limit.is_some_and(|due| due < self.now),
            NoticeKind::Answer => {
                self.is_from_another(stay, duty) && self.sees(subject, stay, Action::ReadMessage)
            }
            NoticeKind::Astray => false,
        };
        // A limit that is moved is another one; a message that waits is the same whatever its limit.
        let due = if kind == NoticeKind::Answer { None } else { limit };
        is_so.then(|| News {
            kind,
            key: key(kind, &stay.row.case, duty, due),
            due,
            in_downtime: due.is_some() && self.is_due_in_downtime(stay, duty),
        })
    }

    fn is_due_in_downtime(&self, stay: &StayLine, duty: &DutyRow) -> bool {
        let beside = Beside { periods: self.periods, book: self.book, now: self.now };
        let version = self.agreements.version_of(stay.row.agreement.as_deref(), &duty.version);
        let found = beside.of(duty, &stay.involvement, version);
        found.is_some_and(|found| found.bearing == Bearing::DueWithin)
    }

    fn is_theirs(&self, stay: &StayLine, duty: &DutyRow, subject: &Subject, scope: Scope) -> bool {
        let taken = self.given.get(&(stay.row.case.clone(), duty_at(&duty.key(), &subject.party)));
        match scope {
            Scope::Mine => taken.is_some_and(|by| *by == subject.account),
            Scope::Unit => taken.is_none_or(|by| *by == subject.account),
        }
    }

    fn sees(&self, subject: &Subject, stay: &StayLine, action: Action) -> bool {
        let purpose = self.policy.usual_purpose(subject.role);
        let stay = Resource::Stay(&stay.involvement);
        self.policy.decide(subject, purpose, action, stay, self.now).is_allowed
    }

    /// The entries of a stay that lie between others.
    fn hidden(&self, subject: &Subject, stay: &StayLine) -> BTreeSet<u64> {
        let purpose = self.policy.usual_purpose(subject.role);
        stay.apart.hidden(|ends| {
            let entry = Resource::Entry(&stay.involvement, ends);
            self.policy.decide(subject, purpose, Action::ReadMessage, entry, self.now).is_allowed
        })
    }

    /// Whether a message that others send triggered a duty.
    fn is_from_another(&self, stay: &StayLine, duty: &DutyRow) -> bool {
        let version = self.agreements.version_of(stay.row.agreement.as_deref(), &duty.version);
        let kind = version.and_then(|version| version.kind_called(&duty.trigger.kind));
        kind.is_some_and(|kind| {
            kind.kind_type == KindType::Message && !kind.from.iter().any(|from| from.as_str() == duty.holder)
        })
    }
}

/// What went wrong with a message is told once; if something else goes wrong with it later, that is something else.
fn key_of_astray(it: &Astray) -> String {
    let (kind, number) = (NoticeKind::Astray.as_str(), it.line.number);
    digest(&format!("samspill notice 1\n{kind}\n{number}\n{}", it.why().as_str()))
}

fn key(kind: NoticeKind, case: &str, duty: &DutyRow, due: Option<Timestamp>) -> String {
    let due = due.map(|due| due.to_string()).unwrap_or_default();
    let text = format!("samspill notice 1\n{}\n{case}\n{}\n{due}", kind.as_str(), duty.key());
    digest(&text)
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
