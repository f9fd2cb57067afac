//! The figures of a year, as somebody may see them.

use jiff::{Timestamp, tz::TimeZone};
use samspill_service::{
    access::Role,
    figures::{
        By, CaseFacts, Cell, Cube, Hidden, Kept, Month, PERSONS_MIN, Quartiles, Range, Whole, days, duties,
        duty_names, hide_in_steps, homes, meter_names, parties, waits,
    },
};

/// Where months stand in figures.
const MONTHS: usize = 1;
/// Quartiles of others are told in whole hours.
const MINUTES_AN_HOUR: i64 = 60;

/// Who sees what: one of these for each report that is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct View {
    /// The year.
    pub(super) year: i16,
    /// Own figures or everybody's.
    pub(super) scope: Scope,
    /// The reader's party.
    pub(super) party: String,
    /// Which of the days of its stays are the party's to see.
    pub(super) payers: Payers,
}

/// Own figures or everybody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// Of the reader's party.
    Own,
    /// Of all parties.
    Community,
}

/// Which days of its own stays a party sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Payers {
    /// Those of all who pay: a hospital.
    All,
    /// Those that it pays itself.
    Own,
}

/// The figures of a year.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) view: View,
    pub(super) as_of: Timestamp,
    pub(super) months: Vec<Month>,
    /// The years that there are figures of.
    pub(super) years: Vec<i16>,
    pub(super) duties: Vec<Figures>,
    pub(super) meters: Vec<Figures>,
    pub(super) homes: Figures,
    /// By month, then all months.
    pub(super) waits_by_month: Vec<Option<Quartiles>>,
    /// By party along the first axis of [`Self::homes`], then all parties.
    pub(super) waits_by_party: Vec<Option<Quartiles>>,
}

/// What is counted of one thing, and what of it isn't shown.
#[derive(Debug)]
pub(super) struct Figures {
    /// The agreement.
    pub(super) agreement: String,
    /// The duty or meter.
    pub(super) id: String,
    pub(super) cube: Cube,
    hidden: Hidden,
}

impl Payers {
    /// What a role sees of its party's stays.
    pub(super) fn of(role: Role) -> Self {
        match role {
            Role::Ward | Role::Physician | Role::Coordination | Role::HospitalAccounts => Self::All,
            Role::CaseOffice
            | Role::CareUnit
            | Role::MunicipalAccounts
            | Role::Gp
            | Role::Secretary
            | Role::Member
            | Role::Auditor
            | Role::Administrator => Self::Own,
        }
    }
}

impl Figures {
    /// What stands at a place; nothing where it isn't shown.
    pub(super) fn at(&self, names: &[Whole<'_>]) -> Option<Cell> {
        let index = self.cube.index_of(names)?;
        (!self.hidden.has(index)).then(|| self.cube.cell(index))
    }
}

impl Report {
    /// The report of a view.
    pub(super) fn of(kept: &Kept, view: View, zone: &TimeZone) -> Self {
        match view.scope {
            Scope::Own => Self::own(kept, view),
            Scope::Community => Self::community(kept, &view, zone),
        }
    }

    /// Of the stays that a party takes part in: its duties by its units, days and times by who pays and receives.
    fn own(kept: &Kept, view: View) -> Self {
        let party = view.party.as_str();
        let facts = || kept.all().filter(|facts| facts.parties.contains(party));
        let units = Range::own(view.year, party, facts());
        let names = match view.payers {
            Payers::All => parties(facts()).into_iter().filter(|name| name != party).collect(),
            Payers::Own => vec![party.to_owned()],
        };
        let receivers = Range { months: units.months.clone(), by: By::Parties(names) };
        let whole = |cube: Cube, (agreement, id): (String, String)| Figures {
            hidden: Hidden::nothing(&cube),
            agreement,
            id,
            cube,
        };
        let duties = duty_names(facts()).into_iter();
        let duties = duties.map(|name| whole(duties_of(facts(), &name, &units), name));
        let meters = meter_names(facts()).into_iter();
        let meters = meters.map(|name| whole(days_of(facts(), &name, &receivers), name));
        let homes = whole(homes(facts(), &receivers), (String::new(), String::new()));
        let duties = duties.filter(|figures| figures.cube.at(&[Whole::Sum; 3]).cases > 0).collect();
        let meters = meters.collect();
        let chosen: Vec<&CaseFacts> = facts().collect();
        Self::with(kept, view, &receivers, (duties, meters, homes), &chosen)
    }

    /// Of all stays, in whole months. What is hidden hangs on those that the reader's party takes no part in: it knows the others.
    fn community(kept: &Kept, view: &View, zone: &TimeZone) -> Self {
        let before = Month::at(kept.as_of, zone);
        let is_over = view.year < before.year;
        let range = Range::whole_months(view.year, before, parties(kept.all()));
        let hiding = |cube: Cube, others: &Cube, (agreement, id): (String, String)| {
            let is_own = |places: &[usize]| others.axis(0).get(places[0]) == Some(&view.party);
            Figures { hidden: hide_in_steps(others, MONTHS, is_over, is_own), agreement, id, cube }
        };
        let others = || kept.without(&view.party);
        let duties = duty_names(kept.all()).into_iter().map(|name| {
            hiding(duties_of(kept.all(), &name, &range), &duties_of(others(), &name, &range), name)
        });
        let meters = meter_names(kept.all())
            .into_iter()
            .map(|name| hiding(days_of(kept.all(), &name, &range), &days_of(others(), &name, &range), name));
        let none = (String::new(), String::new());
        let homes = hiding(homes(kept.all(), &range), &homes(others(), &range), none);
        let duties = duties.filter(|figures| figures.cube.at(&[Whole::Sum; 3]).cases > 0).collect();
        let meters = meters.collect();
        let chosen: Vec<&CaseFacts> = kept.all().collect();
        Self::with(kept, view.clone(), &range, (duties, meters, homes), &chosen)
    }

    fn with(
        kept: &Kept,
        view: View,
        range: &Range,
        (duties, meters, homes): (Vec<Figures>, Vec<Figures>, Figures),
        facts: &[&CaseFacts],
    ) -> Self {
        let all = || facts.iter().copied();
        let months = range.months.clone();
        let names = homes.cube.axis(0).to_vec();
        let is_ours = |party: &str| names.iter().any(|name| name == party);
        let chosen: Vec<CaseFacts> = all().map(|facts| only_homes(facts, &is_ours)).collect();
        let tell = |quartiles: Option<Quartiles>, cell: Option<Cell>| told(quartiles, cell, view.scope);
        let month = |month: &Month| {
            let cell = homes.at(&[Whole::Sum, Whole::Named(&month.to_string())]);
            tell(waits(&chosen, None, &[*month]), cell)
        };
        let party = |name: &String| {
            let cell = homes.at(&[Whole::Named(name), Whole::Sum]);
            tell(waits(&chosen, Some(name), &months), cell)
        };
        let whole = tell(waits(&chosen, None, &months), homes.at(&[Whole::Sum, Whole::Sum]));
        let waits_by_month = months.iter().map(month).chain([whole]).collect();
        let waits_by_party = names.iter().map(party).chain([whole]).collect();
        let (years, as_of) = (years(facts), kept.as_of);
        Self { view, as_of, months, years, duties, meters, homes, waits_by_month, waits_by_party }
    }
}

fn duties_of<'f>(
    facts: impl IntoIterator<Item = &'f CaseFacts>,
    (agreement, duty): &(String, String),
    range: &Range,
) -> Cube {
    duties(facts, (agreement, duty), range)
}

fn days_of<'f>(
    facts: impl IntoIterator<Item = &'f CaseFacts>,
    (agreement, meter): &(String, String),
    range: &Range,
) -> Cube {
    days(facts, (agreement, meter), range)
}

/// The times to home of those who are told of in this report, and nothing else.
fn only_homes(facts: &CaseFacts, is_ours: &impl Fn(&str) -> bool) -> CaseFacts {
    let homes = facts.homes.iter().filter(|home| is_ours(&home.party)).cloned().collect();
    CaseFacts { homes, ..CaseFacts::default() }
}

/// Quartiles that may be told. Of others none of fewer than five, and in whole hours: a quartile is one patient's time.
fn told(quartiles: Option<Quartiles>, cell: Option<Cell>, scope: Scope) -> Option<Quartiles> {
    let (quartiles, cell) = (quartiles?, cell?);
    match scope {
        Scope::Own => Some(quartiles),
        Scope::Community if cell.cases < PERSONS_MIN => None,
        Scope::Community => {
            let hours = |minutes: i64| (minutes + MINUTES_AN_HOUR / 2) / MINUTES_AN_HOUR * MINUTES_AN_HOUR;
            let Quartiles { count, first, median, third } = quartiles;
            Some(Quartiles { count, first: hours(first), median: hours(median), third: hours(third) })
        }
    }
}

/// From the first to the last year in which anything counts.
fn years(facts: &[&CaseFacts]) -> Vec<i16> {
    let months = facts.iter().flat_map(|facts| {
        let duties = facts.duties.iter().map(|duty| duty.month.year);
        duties.chain(facts.days.iter().map(|days| days.month.year))
    });
    let (first, last) =
        months.fold((i16::MAX, i16::MIN), |(first, last), year| (first.min(year), last.max(year)));
    (first..=last).rev().collect()
}
