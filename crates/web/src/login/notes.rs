//! What happens at the door, in the access log.

use samspill_service::{
    audit::{Happened, Happening},
    people::{Account, LoginError, Session},
};

use super::visitor::Visitor;
use crate::{App, Refused};

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
    app.parts().audit.note(&happening).await.map_err(|error| Refused::Failed(Box::new(error)))?;
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
            let (id, name) =
                account.map(|account| (account.id.clone(), account.name.clone())).unwrap_or_default();
            let why = error.why().map(|why| why.as_str().to_owned()).unwrap_or_default();
            (id, name, Happened::LoginRefused, why)
        }
    }
}
