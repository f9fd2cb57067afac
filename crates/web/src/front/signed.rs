use axum::{extract::FromRequestParts, http::request::Parts};
use jiff::Timestamp;
use samspill_agreement::model::Language;
use samspill_base::Entry;
use samspill_service::{
    access::{Action, Decision, Ends, Involvement, Policy, Protection, Purpose, Resource, Shown, Subject},
    exchange::meaning::AddressBook,
};

use super::{Refused, request::RequestId};
use crate::App;

/// Who asks. As an argument of a handler it lets in only who is logged in; the layer that knows sessions and tokens puts it there.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The account in the role that was chosen.
    pub subject: Subject,
    /// What forms must bring back: it is bound to the session.
    pub form_token: String,
    /// The language of pages.
    pub language: Language,
    policy: Policy,
    /// The request, for the access log.
    request: String,
}

impl Signed {
    /// Who asks, by the policy that is shipped until a handler gets it: then by the application's.
    pub fn new(subject: Subject, form_token: String, language: Language) -> Self {
        Self { subject, form_token, language, policy: Policy::shipped(), request: String::new() }
    }

    /// The same by a policy.
    pub(super) fn under(&self, policy: &Policy) -> Self {
        Self { policy: policy.clone(), ..self.clone() }
    }

    /// What the role usually looks into stays for.
    pub fn purpose(&self) -> Purpose {
        self.policy.usual_purpose(self.subject.role)
    }

    /// Whether a stay is theirs, for this: the filter of every list, export and stream.
    pub fn sees(&self, stay: &Involvement, action: Action, now: Timestamp) -> bool {
        self.decides(self.purpose(), action, Resource::Stay(stay), now).is_allowed
    }

    /// Whether an entry of a stay is theirs to read: events of stays they may read, and messages that their party sent or got.
    pub fn sees_entry(&self, stay: &Involvement, entry: &Entry, book: &AddressBook, now: Timestamp) -> bool {
        let ends = Ends::of(entry, book);
        self.decides(self.purpose(), Action::ReadMessage, Resource::Entry(stay, &ends), now).is_allowed
    }

    /// Where the last entry of a stay that is theirs to read lies in the log; 0 where none is.
    pub(crate) fn last_seen(
        &self,
        stay: &Involvement,
        entries: &[Entry],
        book: &AddressBook,
        now: Timestamp,
    ) -> u64 {
        let seen = entries.iter().filter(|entry| self.sees_entry(stay, entry, book, now));
        seen.map(|entry| entry.position.0).max().unwrap_or_default()
    }

    /// What of the patient of a stay they may see.
    pub fn shown(&self, stay: &Involvement) -> Shown {
        self.policy.shown(&self.subject, stay)
    }

    /// The number of the request, as the access log has it.
    pub fn request(&self) -> &str {
        &self.request
    }

    /// Whether the role has this task at all: with a stay of its own, its own party, or what belongs to all. Each page then asks about
    /// what it shows.
    pub fn has_task(&self, action: Action, now: Timestamp) -> bool {
        let own = own_stay(&self.subject, now);
        let resources = [Resource::Stay(&own), Resource::Party(&self.subject.party), Resource::Community];
        resources.into_iter().any(|resource| self.decides(self.purpose(), action, resource, now).is_allowed)
    }

    /// What the policy says.
    pub fn decides(
        &self,
        purpose: Purpose,
        action: Action,
        resource: Resource<'_>,
        now: Timestamp,
    ) -> Decision {
        self.policy.decide(&self.subject, purpose, action, resource, now)
    }
}

/// A stay as near to somebody as one can be.
fn own_stay(subject: &Subject, now: Timestamp) -> Involvement {
    let party = || std::iter::once(subject.party.clone()).collect();
    Involvement {
        case: String::new(),
        parties: party(),
        units: subject.units.iter().map(|unit| (subject.party.clone(), unit.clone())).collect(),
        payers: party(),
        is_open: true,
        last: now,
        protection: Protection::None,
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let signed = parts.extensions.get::<Self>().ok_or(Refused::NotSignedIn)?;
        let mut signed = signed.under(&app.parts().policy);
        signed.request = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        Ok(signed)
    }
}
