//! From what cases add to tables that can be shown.

use std::collections::BTreeSet;

use super::{CaseFacts, Cube, Month, Outcome, Quartiles};

/// Which months of a year, and along which parties or units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The months, in order.
    pub months: Vec<Month>,
    /// Who stands along the first axis.
    pub by: By,
}

/// Who stands along the first axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// These parties.
    Parties(Vec<String>),
    /// The units of this party; what names no unit stands under the empty name.
    UnitsOf {
        /// The party.
        party: String,
        /// Its units.
        units: Vec<String>,
    },
}

impl Range {
    /// All months of a year before this one, for all parties: what others may see of a year that isn't over.
    pub fn whole_months(year: i16, before: Month, parties: Vec<String>) -> Self {
        let months = Month::of_year(year).filter(|month| *month < before).collect();
        Self { months, by: By::Parties(parties) }
    }

    /// All months of a year, for the units of a party that facts name.
    pub fn own<'f>(year: i16, party: &str, facts: impl IntoIterator<Item = &'f CaseFacts>) -> Self {
        let whos = facts.into_iter().flat_map(|facts| {
            facts.duties.iter().map(|duty| &duty.who).chain(facts.homes.iter().map(|home| &home.from))
        });
        let units: BTreeSet<String> =
            whos.filter(|who| who.party == party).map(|who| who.unit.clone().unwrap_or_default()).collect();
        let by = By::UnitsOf { party: party.to_owned(), units: units.into_iter().collect() };
        Self { months: Month::of_year(year).collect(), by }
    }

    fn axes(&self) -> Vec<Vec<String>> {
        let who = match &self.by {
            By::Parties(names) | By::UnitsOf { units: names, .. } => names.clone(),
        };
        vec![who, self.months.iter().map(Month::to_string).collect()]
    }

    /// What a party and unit are called along the first axis; `None`: they don't stand there.
    fn name<'w>(&self, party: &'w str, unit: Option<&'w str>) -> Option<&'w str> {
        match &self.by {
            By::Parties(_) => Some(party),
            By::UnitsOf { party: own, .. } => (own == party).then(|| unit.unwrap_or_default()),
        }
    }
}

/// The parties that have duties, pay, or are told that patients are ready; the empty name where the log names nobody.
pub fn parties<'f>(facts: impl IntoIterator<Item = &'f CaseFacts>) -> Vec<String> {
    let names = facts.into_iter().flat_map(|facts| {
        let duties = facts.duties.iter().map(|duty| &duty.who.party);
        let payers = facts.days.iter().map(|days| &days.payer);
        duties.chain(payers).chain(facts.homes.iter().map(|home| &home.party))
    });
    names.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

/// The duties that there are, by agreement.
pub fn duty_names<'f>(facts: impl IntoIterator<Item = &'f CaseFacts>) -> Vec<(String, String)> {
    let names = facts
        .into_iter()
        .flat_map(|facts| facts.duties.iter().map(|duty| (facts.agreement.as_str(), duty.duty.as_str())));
    let names: BTreeSet<(&str, &str)> = names.collect();
    names.into_iter().map(|(agreement, duty)| (agreement.to_owned(), duty.to_owned())).collect()
}

/// The meters that count any days, by agreement.
pub fn meter_names<'f>(facts: impl IntoIterator<Item = &'f CaseFacts>) -> Vec<(String, String)> {
    let names = facts
        .into_iter()
        .flat_map(|facts| facts.days.iter().map(|days| (facts.agreement.as_str(), days.meter.as_str())));
    let names: BTreeSet<(&str, &str)> = names.collect();
    names.into_iter().map(|(agreement, meter)| (agreement.to_owned(), meter.to_owned())).collect()
}

/// How a duty of an agreement went: who × month × [outcome](Outcome::DECIDED).
pub fn duties<'f>(
    facts: impl IntoIterator<Item = &'f CaseFacts>,
    (agreement, duty): (&str, &str),
    range: &Range,
) -> Cube {
    let mut axes = range.axes();
    axes.push(Outcome::DECIDED.map(|outcome| outcome.as_str().to_owned()).to_vec());
    let mut cube = Cube::new(axes);
    for facts in facts.into_iter().filter(|facts| facts.agreement == agreement) {
        let of_duty: Vec<(&str, String, &str)> = facts
            .duties
            .iter()
            .filter(|fact| fact.duty == duty)
            .filter_map(|fact| {
                let who = range.name(&fact.who.party, fact.who.unit.as_deref())?;
                Some((who, fact.month.to_string(), fact.outcome.as_str()))
            })
            .collect();
        cube.add_case(of_duty.iter().map(|(who, month, outcome)| (vec![*who, month, outcome], 1, 0)));
    }
    cube
}

/// Days of a meter that count, and what they cost: who × month. Payers have no units here.
pub fn days<'f>(
    facts: impl IntoIterator<Item = &'f CaseFacts>,
    (agreement, meter): (&str, &str),
    range: &Range,
) -> Cube {
    let mut cube = Cube::new(range.axes());
    for facts in facts.into_iter().filter(|facts| facts.agreement == agreement) {
        let of_meter: Vec<(&str, String, u64, i64)> = facts
            .days
            .iter()
            .filter(|fact| fact.meter == meter)
            .filter_map(|fact| {
                let who = range.name(&fact.payer, None)?;
                Some((who, fact.month.to_string(), fact.days, fact.amount_ore))
            })
            .collect();
        cube.add_case(of_meter.iter().map(|(who, month, days, ore)| (vec![*who, month], *days, *ore)));
    }
    cube
}

/// Patients who went home after having been ready: who was told × month.
pub fn homes<'f>(facts: impl IntoIterator<Item = &'f CaseFacts>, range: &Range) -> Cube {
    let mut cube = Cube::new(range.axes());
    for facts in facts {
        let homes: Vec<(&str, String)> = facts
            .homes
            .iter()
            .filter_map(|home| Some((range.name(&home.party, None)?, home.month.to_string())))
            .collect();
        cube.add_case(homes.iter().map(|(who, month)| (vec![*who, month], 1, 0)));
    }
    cube
}

/// The minutes from ready to home of those of a party (all parties: `None`) in these months, and how they lie.
pub fn waits<'f>(
    facts: impl IntoIterator<Item = &'f CaseFacts>,
    party: Option<&str>,
    months: &[Month],
) -> Option<Quartiles> {
    let homes = facts.into_iter().flat_map(|facts| &facts.homes);
    let chosen =
        homes.filter(|home| party.is_none_or(|party| home.party == party) && months.contains(&home.month));
    Quartiles::of(chosen.map(|home| home.minutes).collect())
}
