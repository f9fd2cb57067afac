//! Accounts: made with a link that is shown once, given roles, closed and unlocked. Each administrator keeps those of their own party;
//! what that means, and that it is written down, is [`Keeper`]'s.

mod list;
mod one;

pub(super) use list::{list, make};
pub(in crate::pages) use one::give_back;
pub(super) use one::{close, end_role, end_token, give_role, invite, log_out, one, reopen, unlock};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use samspill_service::{
    access::{Action, Role},
    audit::{Doer, words as audited},
    people::{Account, AccountState, Keeper, Keeps, PeopleError, RoleHeld, fits_party, is_local},
};
use serde::Deserialize;

use super::{may_own, words::Words};
use crate::{
    App, Refused,
    login::LocalLogin,
    pages::{Choice, Frame, fill},
};

/// A role that is given or ended.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RoleForm {
    rolle: String,
    enhet: String,
    fra: String,
    til: String,
}

/// Whoever asks, as one who keeps accounts.
fn keeper<'a>(app: &'a App, frame: &'a Frame) -> Keeper<'a> {
    let parts = app.parts();
    Keeper {
        accounts: &parts.accounts,
        by: Doer::Subject(&frame.signed.subject),
        book: Some(app.book()),
        policy: &parts.policy,
        node: parts.audit.node(),
        request: frame.signed.request(),
        now: app.now(),
    }
}

/// The account, if they keep anything of it, and how much. Another party's is as if it weren't there.
async fn kept(app: &App, frame: &Frame, id: &str) -> Result<(Account, Keeps), Refused> {
    may_own(app, frame, Action::ManageAccounts).await?;
    let account =
        app.parts().accounts.account(id).await.map_err(Refused::failed)?.ok_or(Refused::NotThere)?;
    let keeps = keeper(app, frame).keeps(&account);
    if keeps == Keeps::Nothing { Err(Refused::NotThere) } else { Ok((account, keeps)) }
}

/// Why something wasn't done.
fn refused(error: PeopleError) -> Refused {
    if matches!(error, PeopleError::NotYours | PeopleError::NoAccount(_) | PeopleError::NoToken(_)) {
        return Refused::NotThere;
    }
    if matches!(error, PeopleError::Changed | PeopleError::Closed) {
        return Refused::Changed;
    }
    Refused::failed(error)
}

/// Whether people log in with passwords here: without, a link would lead nowhere.
fn has_links(app: &App) -> bool {
    app.parts().login.local() == LocalLogin::Allowed
}

/// What a form says of a role of one's own party; none where it makes no sense.
fn role_held(app: &App, frame: &Frame, form: &RoleForm) -> Option<RoleHeld> {
    let party = frame.signed.subject.party.clone();
    let role = Role::called(&form.rolle)?;
    let unit = Some(form.enhet.clone()).filter(|unit| !unit.is_empty());
    let day = |text: &str| start_of(text, &app.zone());
    let from = if form.fra.is_empty() { app.now() } else { day(&form.fra)? };
    let until = if form.til.is_empty() { None } else { Some(day(&form.til)?) };
    let held = RoleHeld { role, party, unit, from, until };
    let is_one = until.is_none_or(|until| from < until) && keeper(app, frame).may_give(&held).is_ok();
    is_one.then_some(held)
}

fn start_of(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    Some(day.to_zoned(zone.clone()).ok()?.timestamp())
}

fn state(account: &Account, frame: &Frame) -> (&'static str, String) {
    let w = Words::of(frame.language());
    let locked = account.locked_until.filter(|until| *until > frame.now);
    match (account.state, locked) {
        (AccountState::Closed, _) => ("neutral", w.closed.to_owned()),
        (_, Some(until)) => ("danger", fill(w.locked, &[("time", &frame.clock().instant(until))])),
        (AccountState::Invited, None) => ("info", w.invited.to_owned()),
        (AccountState::Active, None) => ("success", w.active.to_owned()),
    }
}

/// The roles that one's own party can give.
fn roles(app: &App, frame: &Frame, chosen: &str) -> Vec<Choice> {
    let party = &frame.signed.subject.party;
    let address = app.book().parties.iter().find(|address| address.name == *party);
    let fits = |role: &Role| {
        address.is_some_and(|address| fits_party(*role, address.role)) && is_local(*role, &app.parts().policy)
    };
    let name = |role: Role| audited::role(role.as_str(), frame.language()).to_owned();
    let fitting = Role::ALL.into_iter().filter(fits);
    fitting.map(|role| Choice::new(role.as_str(), name(role), chosen)).collect()
}

/// The units of one's own party, by the names that roles hold.
fn units(app: &App, frame: &Frame, chosen: &str) -> Vec<Choice> {
    let w = Words::of(frame.language());
    let address = app.book().find(&frame.signed.subject.party);
    let services = address.iter().flat_map(|address| address.open_services());
    let units = services.map(|(_, unit)| Choice::new(unit.name.clone(), unit.name.clone(), chosen));
    std::iter::once(Choice::new("", w.whole_party, chosen)).chain(units).collect()
}
