//! The accounts of a party, and new ones.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use samspill_service::{
    access::Action,
    audit::words as audited,
    people::{Account, Keeps, NewAccount, PeopleError, SystemRandom},
};
use serde::Deserialize;

use super::{
    RoleForm, has_links, keeper,
    one::{Says, account_page},
    refused, role_held, roles, state, units,
};
use crate::{
    App, Refused,
    pages::{
        Choice, Frame,
        admin::{may_own, words::Words},
        fill, html, link,
    },
};

/// Accounts on a page.
const ROWS: usize = 50;
/// Accounts that are asked for at a time.
const AT_ONCE: usize = 200;

/// From where a list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages::admin) struct Asked {
    etter: String,
}

/// A new account.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages::admin) struct Made {
    navn: String,
    brukernavn: String,
    epost: String,
    rolle: String,
    enhet: String,
}

#[derive(Template)]
#[template(path = "admin/accounts.html")]
struct ListPage {
    frame: Frame,
    w: &'static Words,
    lead: String,
    rows: Vec<AccountRow>,
    next: Option<String>,
    made: Made,
    error: &'static str,
    make: &'static str,
    roles: Vec<Choice>,
    units: Vec<Choice>,
}

struct AccountRow {
    href: String,
    name: String,
    login: String,
    roles: String,
    state: (&'static str, String),
}

/// The accounts that have, had or are to have a role of one's own party.
pub(in crate::pages::admin) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageAccounts).await?;
    list_page(&app, frame, &asked.etter, Made::default(), "").await
}

/// Makes an account with a first role, and shows its link, this once. Nothing is made where the link can't be.
pub(in crate::pages::admin) async fn make(
    State(app): State<App>,
    frame: Frame,
    Form(made): Form<Made>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageAccounts).await?;
    let w = Words::of(frame.language());
    if made.navn.trim().is_empty() {
        return list_page(&app, frame, "", made, w.wrong_name).await;
    }
    let first = RoleForm { rolle: made.rolle.clone(), enhet: made.enhet.clone(), ..RoleForm::default() };
    let Some(role) = role_held(&app, &frame, &first) else {
        return list_page(&app, frame, "", made, w.wrong_role).await;
    };
    let email = Some(made.epost.trim().to_owned()).filter(|email| !email.is_empty());
    let new = NewAccount { email, ..NewAccount::new(made.brukernavn.clone(), made.navn.trim()) };
    match keeper(&app, &frame).make(&new, &[role], has_links(&app), &SystemRandom).await {
        Ok(done) => {
            let says = done.link.map_or(Says::Made, Says::Link);
            account_page(&app, frame, (done.account, Keeps::All), says).await
        }
        Err(PeopleError::LoginTaken(_) | PeopleError::NoLogin(_)) => {
            list_page(&app, frame, "", made, w.wrong_login).await
        }
        Err(error) => Err(refused(error)),
    }
}

async fn list_page(
    app: &App,
    frame: Frame,
    after: &str,
    made: Made,
    error: &'static str,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let party = frame.signed.subject.party.clone();
    let (accounts, more) = ours(app, &frame, after).await?;
    let last = accounts.last().map(|account| account.login.clone()).unwrap_or_default();
    html(&ListPage {
        w,
        lead: fill(w.accounts_lead, &[("party", &party)]),
        rows: accounts.iter().map(|account| account_row(account, &frame)).collect(),
        next: more.then(|| link::query("/admin/kontoer", &[("etter", &last)])),
        roles: roles(app, &frame, &made.rolle),
        units: units(app, &frame, &made.enhet),
        make: if has_links(app) { w.make_button } else { w.make_alone },
        made,
        error,
        frame: frame.titled(w.accounts),
    })
}

/// A page of the party's accounts after a login, and whether there are more.
async fn ours(app: &App, frame: &Frame, after: &str) -> Result<(Vec<Account>, bool), Refused> {
    let (mut found, mut after) = (Vec::new(), after.to_owned());
    loop {
        let read = app.parts().accounts.list(&after, AT_ONCE).await.map_err(Refused::failed)?;
        let Some(last) = read.last() else { return Ok((found, false)) };
        after.clone_from(&last.login);
        for account in read {
            if keeper(app, frame).keeps(&account) == Keeps::Nothing {
                continue;
            }
            if found.len() == ROWS {
                return Ok((found, true));
            }
            found.push(account);
        }
    }
}

fn account_row(account: &Account, frame: &Frame) -> AccountRow {
    let (w, language) = (Words::of(frame.language()), frame.language());
    let running = account.roles.iter().filter(|held| held.runs(frame.now));
    let names: Vec<String> = running
        .map(|held| {
            let unit = held.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
            format!("{} ({}{unit})", audited::role(held.role.as_str(), language), held.party)
        })
        .collect();
    AccountRow {
        href: link::path(&["admin", "kontoer", &account.id]),
        name: account.name.clone(),
        login: account.login.clone(),
        roles: if names.is_empty() { w.no_roles.to_owned() } else { names.join("; ") },
        state: state(account, frame),
    }
}
