//! What happens at the door, in the access log.

use samspill_service::{
    audit::{Happened, Happening},
    people::{Account, LoginError, RefusedWhy, Session},
};

use super::visitor::Visitor;
use crate::{App, Refused};

/// Why somebody isn't let in who has no role at the organisation that they logged in for.
const NO_PARTY: &str = "ingen-rolle-der";

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub(super) enum Noted<'n> {
    /// Somebody logged in.
    LoggedIn(&'n Session),
    /// Somebody wasn't let in.
    Refused {
        /// The account that was tried; none where nobody has such a login: people type their passwords there.
        account: Option<&'n Account>,
        /// Why.
        error: &'n LoginError,
    },
    /// Somebody logged in elsewhere for an organisation that they have no role at, or that is no party.
    NoParty(Option<&'n Account>),
    /// Somebody logged out, or ended another of their sessions.
    LoggedOut(&'n Session),
    /// Somebody went on in another role.
    RoleChosen(&'n Session),
    /// Somebody has a new password.
    PasswordSet(&'n Account),
}

/// Keeps in the access log what happened.
pub(super) async fn note(app: &App, visitor: &Visitor, noted: Noted<'_>) -> Result<(), Refused> {
    let (account, name, what, detail) = told(noted);
    let happening = Happening {
        account: &account,
        name: &name,
        what,
        detail: &detail,
        request: &visitor.request,
        at: app.now(),
    };
    app.parts().audit.note(&happening).await.map_err(Refused::failed)?;
    Ok(())
}

fn told(noted: Noted<'_>) -> (String, String, Happened, String) {
    let of = |session: &Session, what, detail: String| {
        (session.account.id.clone(), session.account.name.clone(), what, detail)
    };
    match noted {
        Noted::LoggedIn(session) => of(session, Happened::LoggedIn, String::new()),
        Noted::LoggedOut(session) => of(session, Happened::LoggedOut, String::new()),
        Noted::RoleChosen(session) => {
            let role = session
                .subject
                .as_ref()
                .map(|subject| format!("{}:{}", subject.role.as_str(), subject.party));
            of(session, Happened::RoleChosen, role.unwrap_or_default())
        }
        Noted::PasswordSet(account) => {
            (account.id.clone(), account.name.clone(), Happened::PasswordSet, String::new())
        }
        Noted::Refused { account, error } => {
            refused(account, error.why().map(RefusedWhy::as_str).unwrap_or_default())
        }
        Noted::NoParty(account) => refused(account, NO_PARTY),
    }
}

fn refused(account: Option<&Account>, why: &str) -> (String, String, Happened, String) {
    let (id, name) = account.map(|account| (account.id.clone(), account.name.clone())).unwrap_or_default();
    (id, name, Happened::LoginRefused, why.to_owned())
}
