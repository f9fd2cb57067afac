//! Requests of other systems, and the account that answers for them.

use std::collections::BTreeSet;

use axum::{
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use samspill_service::{
    access::{Means, Subject},
    people::{Account, AccountState, PeopleError, RoleKey},
};

use super::machine::{Authorization, Client, NotMachine};
use crate::{
    App, Refused,
    api::{Problem, ProblemKind},
};

/// When a system may try again whose token can't be checked: by then its provider has been asked anew.
const ASK_AGAIN_AFTER_SECONDS: &str = "15";

/// Why a request of another system isn't answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// It isn't let in.
    #[error(transparent)]
    NotLetIn(#[from] NotMachine),
    /// The machine failed.
    #[error(transparent)]
    Failed(#[from] PeopleError),
}

/// The account that answers for the system that sent a request.
pub(super) async fn subject(
    app: &App,
    authorization: Authorization<'_>,
    (method, path, headers): (&Method, &str, &HeaderMap),
) -> Result<Subject, Trouble> {
    let now = app.now();
    match authorization {
        Authorization::Bearer(token) if !token.contains('.') => own_token(app, token, now).await,
        Authorization::Bound(_) | Authorization::Bearer(_) => {
            let machines = app.parts().login.machines().ok_or(NotMachine::Nobody)?;
            let address = format!("{}{}", app.parts().login.origin(), path);
            let asked = (method, address.as_str());
            let client = machines.admit(authorization, headers, asked, now).await?;
            of_client(app, &client, now).await
        }
    }
}

async fn own_token(app: &App, token: &str, now: Timestamp) -> Result<Subject, Trouble> {
    let subject = app.parts().accounts.by_token(token, now).await?;
    Ok(subject.ok_or(NotMachine::Nobody)?)
}

async fn of_client(app: &App, client: &Client, now: Timestamp) -> Result<Subject, Trouble> {
    let accounts = &app.parts().accounts;
    let account = accounts.by_oidc(&client.issuer, &client.id).await?.ok_or(NotMachine::Nobody)?;
    let role = only_role(&account, now).ok_or(NotMachine::Nobody)?;
    let subject = accounts.subject_of(&account, &role, Means::Machine, now).await?;
    Ok(subject.ok_or(NotMachine::Nobody)?)
}

/// The role of a system: it has one at a time, since it can't be asked which it means.
fn only_role(account: &Account, now: Timestamp) -> Option<RoleKey> {
    if account.state == AccountState::Closed {
        return None;
    }
    let held =
        account.roles.iter().filter(|held| held.from <= now && held.until.is_none_or(|until| now < until));
    let keys: BTreeSet<RoleKey> =
        held.map(|held| RoleKey { role: held.role, party: held.party.clone() }).collect();
    let mut keys = keys.into_iter();
    keys.next().filter(|_| keys.next().is_none())
}

/// The answer to a system that isn't let in.
pub(super) fn refused(app: &App, trouble: Trouble) -> Response {
    match trouble {
        Trouble::Failed(error) => Refused::failed(error).into_response(),
        Trouble::NotLetIn(refused) => {
            tracing::info!(%refused, "a request of another system isn't let in");
            not_let_in(app, &refused)
        }
    }
}

fn not_let_in(app: &App, refused: &NotMachine) -> Response {
    let kind = match refused {
        NotMachine::Scope => ProblemKind::Scope,
        NotMachine::Token(fault) if fault.is_passing() => ProblemKind::Busy,
        NotMachine::Header
        | NotMachine::Token(_)
        | NotMachine::Unbound
        | NotMachine::Proof(_)
        | NotMachine::Nonce
        | NotMachine::Nobody => ProblemKind::NotSignedIn,
    };
    let problem = Problem::new(kind, refused.to_string());
    let problem = challenges(app, refused)
        .iter()
        .fold(problem, |problem, challenge| problem.with(header::WWW_AUTHENTICATE, challenge));
    let problem = if kind == ProblemKind::Busy {
        problem.with(header::RETRY_AFTER, ASK_AGAIN_AFTER_SECONDS)
    } else {
        problem
    };
    problem.into_response()
}

/// What a system may come with.
fn challenges(app: &App, refused: &NotMachine) -> Vec<String> {
    let error = refused.code().map(|code| format!(" error=\"{code}\",")).unwrap_or_default();
    let bound = format!("DPoP{error} algs=\"ES256 ES384 PS256 RS256 EdDSA\"");
    let own = "Bearer".to_owned();
    if app.parts().login.machines().is_some() { vec![bound, own] } else { vec![own] }
}
