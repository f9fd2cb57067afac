use jiff::civil::Date;

use super::{
    Closure, FIRST_DAY, HolidayRule, InLieu, LAST_DAY, Weekdays,
    day_number::{DAYS, date_at, number_of, weekday_at},
};

/// A day with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedDay<'c> {
    /// The day.
    pub date: Date,
    /// The holiday rule's id.
    pub id: &'c str,
    /// Whether the rule closes the day.
    pub closed: Closure,
}

/// All days of the tables that rules name, from the first on.
pub(super) struct NamedDays {
    /// Sorted; a day has an id once, and is closed if any of the rules with that id closes it.
    names: Vec<Name>,
    /// What [`Name::id`] points at: sorted, each once.
    ids: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    day: usize,
    id: usize,
    closed: Closure,
}

impl NamedDays {
    /// Applies the rules to every year.
    pub(super) fn new(rules: &[&HolidayRule], working_weekdays: Weekdays) -> Self {
        let mut ids: Vec<String> = rules.iter().map(|rule| rule.id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut named = Self { names: Vec::new(), ids };
        let mut occurrences: Vec<(usize, &HolidayRule)> =
            rules.iter().copied().flat_map(occurrences_of).collect();
        occurrences.sort_by_key(|(day, _)| *day);
        for (day, rule) in &occurrences {
            named.add(*day, rule);
        }
        named.add_days_in_lieu(&occurrences, working_weekdays);
        named.names.sort_unstable();
        // The one that closes sorts first and stays.
        named.names.dedup_by_key(|name| (name.day, name.id));
        named
    }

    /// Which places in the tables are closed.
    pub(super) fn closed_days(&self) -> Vec<bool> {
        let mut closed = vec![false; DAYS];
        for name in self.names.iter().filter(|name| name.closed == Closure::Day) {
            closed[name.day] = true;
        }
        closed
    }

    /// The names of the days at these places, in order.
    pub(super) fn in_range(&self, days: std::ops::Range<usize>) -> impl Iterator<Item = NamedDay<'_>> {
        let from = self.names.partition_point(|name| name.day < days.start);
        let until = self.names.partition_point(|name| name.day < days.end);
        self.names[from..until.max(from)].iter().map(|name| NamedDay {
            date: date_at(name.day),
            id: &self.ids[name.id],
            closed: name.closed,
        })
    }

    /// All ids, sorted.
    pub(super) fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The places of all days with this id.
    pub(super) fn with_id(&self, id: &str) -> impl Iterator<Item = usize> {
        let wanted = self.ids.binary_search_by(|known| known.as_str().cmp(id)).ok();
        self.names.iter().filter(move |name| Some(name.id) == wanted).map(|name| name.day)
    }

    fn add(&mut self, day: usize, rule: &HolidayRule) {
        if let Ok(id) = self.ids.binary_search(&rule.id) {
            self.names.push(Name { day, id, closed: rule.closed });
        }
    }

    /// Gives holidays that fell on a free weekday their other day, the earliest first.
    fn add_days_in_lieu(&mut self, occurrences: &[(usize, &HolidayRule)], working_weekdays: Weekdays) {
        let mut closed = self.closed_days();
        for (day, rule) in occurrences {
            if rule.in_lieu == InLieu::None || working_weekdays.contains(weekday_at(*day)) {
                continue;
            }
            let free = (day + 1..DAYS)
                .find(|other| working_weekdays.contains(weekday_at(*other)) && !closed[*other]);
            if let Some(other) = free {
                self.add(other, rule);
                closed[other] = true;
            }
        }
    }
}

/// The places of the days that a rule names.
fn occurrences_of(rule: &HolidayRule) -> impl Iterator<Item = (usize, &HolidayRule)> {
    (FIRST_DAY.year()..=LAST_DAY.year())
        .filter_map(|year| rule.date_in(year))
        .filter_map(move |date| Some((number_of(date).ok()?, rule)))
}
