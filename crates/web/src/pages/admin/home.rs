//! Where administration begins, and what is only read: parties and calendars.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use samspill_agreement::{RuleSort, model::Version, words as agreed};
use samspill_service::access::Action;
use serde::Deserialize;

use super::{addresses, is_open, protect, templates, words::Words};
use crate::{
    App, Refused,
    pages::{Frame, agreements::rule_address, html},
};

/// Tasks any of which opens the pages of administration.
const TASKS: [Action; 7] = [
    Action::ManageAccounts,
    Action::ManageTemplates,
    Action::ManageAddresses,
    Action::WriteDowntime,
    Action::ReadAccessLog,
    Action::ReviewGrants,
    Action::ProtectPerson,
];

#[derive(Template)]
#[template(path = "admin/home.html")]
struct HomePage {
    frame: Frame,
    w: &'static Words,
    places: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "admin/parties.html")]
struct PartiesPage {
    frame: Frame,
    w: &'static Words,
    parties: Vec<PartyRow>,
    /// What leads to the page of one's own party; empty for who can't change it.
    change: &'static str,
}

struct PartyRow {
    is_own: bool,
    name: String,
    organisation: String,
    her: String,
    units: Vec<(String, String)>,
}

/// Which year of the calendars.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    aar: String,
}

#[derive(Template)]
#[template(path = "admin/calendars.html")]
struct CalendarsPage {
    frame: Frame,
    w: &'static Words,
    year: String,
    calendars: Vec<CalendarShown>,
}

struct CalendarShown {
    id: String,
    name: String,
    zone: String,
    holidays: Vec<(String, String)>,
    hours: Vec<(String, String)>,
}

/// What of administration a role has to do with.
pub(super) async fn home(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    may_enter(&app, &frame)?;
    let w = Words::of(frame.language());
    let all = [
        ("/admin/parter", w.parties, None),
        ("/admin/kontoer", w.accounts, Some(Action::ManageAccounts)),
        ("/admin/maltekster", templates::Words::of(frame.language()).title, Some(Action::ManageTemplates)),
        ("/admin/kalendere", w.calendars, None),
        ("/admin/nedetid", w.downtime, Some(Action::WriteDowntime)),
        ("/admin/logg", w.log, Some(Action::ReadAccessLog)),
        ("/admin/tilganger", w.grants, Some(Action::ReviewGrants)),
        ("/admin/vern", protect::Words::of(frame.language()).title, Some(Action::ProtectPerson)),
    ];
    let open = |asks: Option<Action>| asks.is_none_or(|action| is_open(&app, &frame, action));
    let places = all.into_iter().filter(|(_, _, asks)| open(*asks)).map(|(href, name, _)| (href, name));
    html(&HomePage { places: places.collect(), frame: frame.titled(w.title), w })
}

/// The address book.
pub(super) async fn parties(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    may_enter(&app, &frame)?;
    let w = Words::of(frame.language());
    let own = frame.subject().party.clone();
    let change = addresses::Words::of(frame.language()).change;
    let change = if is_open(&app, &frame, Action::ManageAddresses) { change } else { "" };
    let parties = app.book().parties.iter().map(|party| PartyRow {
        is_own: party.name == own,
        name: party.name.clone(),
        organisation: party.organisation.name.clone(),
        her: party.organisation.her.clone().unwrap_or_default(),
        units: party
            .open_services()
            .map(|(_, unit)| (unit.name.clone(), unit.her.clone().unwrap_or_default()))
            .collect(),
    });
    html(&PartiesPage { parties: parties.collect(), change, frame: frame.titled(w.parties).wide(), w })
}

/// The holidays of a year, by agreement, and the open hours.
pub(super) async fn calendars(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_enter(&app, &frame)?;
    let w = Words::of(frame.language());
    let year: i16 = asked.aar.parse().unwrap_or(frame.clock().today().year());
    let all = app.parts().projections.agreements().all().iter();
    let calendars = all.map(|agreement| calendar(agreement.newest(), year, &frame)).collect();
    html(&CalendarsPage { year: year.to_string(), calendars, frame: frame.titled(w.calendars), w })
}

fn may_enter(app: &App, frame: &Frame) -> Result<(), Refused> {
    let enters = TASKS.into_iter().any(|action| is_open(app, frame, action));
    if enters { Ok(()) } else { Err(Refused::NotThere) }
}

fn calendar(version: &Version, year: i16, frame: &Frame) -> CalendarShown {
    let language = frame.language();
    let on = |holiday: &samspill_agreement::model::HolidayName| {
        Some((holiday.rule.date_in(year)?, holiday.name.in_language(language).to_owned()))
    };
    let mut holidays: Vec<_> = version.calendar.holidays.iter().filter_map(on).collect();
    holidays.sort();
    let address = |id: &str| rule_address(version.agreement.as_str(), &version.version, RuleSort::Hours, id);
    let hours = version.hours.values();
    let weekday = |date: jiff::civil::Date| agreed::weekday_name(date.weekday(), language);
    CalendarShown {
        id: version.agreement.to_string(),
        name: version.name.in_language(language).to_owned(),
        zone: version.calendar.zone_name.clone(),
        holidays: holidays
            .into_iter()
            .map(|(date, name)| (format!("{} {}", weekday(date), agreed::date(date, language)), name))
            .collect(),
        hours: hours.map(|it| (address(it.id.as_str()), it.name.in_language(language).to_owned())).collect(),
    }
}
