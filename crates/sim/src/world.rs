//! Everything that a seed fixes before anybody acts.

use std::sync::Arc;

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use samspill_service::exchange::meaning::AddressBook;

use crate::{
    Chance,
    act::StayKey,
    hospital::Hospital,
    municipality::Office,
    partner::Partner,
    people::{Identity, Patient, people},
    region::Region,
    settings::{Settings, StayHabits},
    time::{Wall, after, hours, is_weekend, later, minutes},
};

/// A made-up region over some days: its parties, its patients, and what is wrong with these. What the parties then make of it is
/// theirs: [`World::partners`].
#[derive(Clone, Debug)]
pub struct World {
    /// The seed.
    pub seed: u64,
    /// The first day.
    pub start: Date,
    /// How many days somebody is admitted.
    pub days: u32,
    /// What it is made from.
    pub settings: Settings,
    /// The parties.
    pub region: Region,
    /// Their address book.
    pub addresses: AddressBook,
    /// The patients, in the order in which they are first admitted.
    pub patients: Vec<Patient>,
    pub(crate) courses: Vec<Course>,
    pub(crate) wall: Wall,
}

/// What a patient comes to the hospital with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Course {
    pub(crate) admitted: Timestamp,
    pub(crate) ward: usize,
    pub(crate) problem: usize,
    pub(crate) has_services: bool,
    pub(crate) need: Need,
}

/// What a patient will need of the municipality afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// What there was before, or nothing.
    AsBefore,
    /// Help at home.
    AtHome,
    /// A short-term place.
    Place,
}

impl World {
    /// The shipped region over so many days.
    pub fn new(seed: u64, days: u32) -> Self {
        Self::of(seed, days, Settings::shipped())
    }

    /// A region of these settings over so many days.
    pub fn of(seed: u64, days: u32, settings: Settings) -> Self {
        let chance = Chance::of(seed);
        let (region, wall) = (Region::of(&settings, &chance), Wall::new());
        let start = settings.region.start;
        let courses = courses(days, &settings, &region, &wall, &chance);
        let patients = people(courses.iter().map(|it| it.ward), &settings, &region, &chance);
        let addresses = region.addresses();
        Self { seed, start, days, settings, region, addresses, patients, courses, wall }
    }

    /// The parties as they act: the hospital first, then each municipality.
    pub fn partners(self: &Arc<Self>) -> Vec<Box<dyn Partner>> {
        let hospital: Box<dyn Partner> = Box::new(Hospital::new(self.clone()));
        let offices = (0..self.region.municipalities.len())
            .map(|place| -> Box<dyn Partner> { Box::new(Office::new(self.clone(), place)) });
        std::iter::once(hospital).chain(offices).collect()
    }

    /// The patient of a stay; none for a stay that isn't of this world.
    pub fn patient(&self, of: StayKey) -> Option<&Patient> {
        self.patients.get(usize::try_from(of.patient).ok()?)
    }

    pub(crate) fn course(&self, of: StayKey) -> Option<&Course> {
        self.courses.get(usize::try_from(of.patient).ok()?)
    }

    /// How a patient is known at an instant: by a new id from a day after the first admission on.
    pub fn identity(&self, of: StayKey, at: Timestamp) -> Option<&Identity> {
        let (patient, course) = (self.patient(of)?, self.course(of)?);
        let is_later = at >= after(course.admitted, hours(24));
        Some(patient.later.as_ref().filter(|_| is_later).unwrap_or(&patient.identity))
    }

    /// The name of the municipality where a patient lives.
    pub(crate) fn home(&self, of: StayKey) -> &str {
        let home = self.patient(of).and_then(|it| self.region.municipalities.get(it.home));
        home.map_or("", |it| it.name.as_str())
    }

    /// The municipality where a patient stays afterwards, if that isn't the patient's own.
    pub(crate) fn elsewhere(&self, of: StayKey) -> Option<&str> {
        let place = self.patient(of)?.elsewhere?;
        self.region.municipalities.get(place).map(|it| it.name.as_str())
    }

    /// The office of the patient's general practitioner, if it is in the region.
    pub(crate) fn gp(&self, of: StayKey) -> Option<&str> {
        let place = self.patient(of)?.gp?;
        self.region.gps.get(place).map(|it| it.name.as_str())
    }

    /// The chance of one thing about one stay, whatever else happens.
    pub(crate) fn chance(&self, of: StayKey, what: &str, number: u32) -> Chance {
        let stay = Chance::of(self.seed).branch("stay").nth(u64::from(of.patient)).nth(u64::from(of.stay));
        stay.branch(what).nth(u64::from(number))
    }

    /// For how many days a patient waits for a municipality of this pressure.
    pub(crate) fn wait(&self, of: StayKey, pressure: u32) -> u32 {
        let mut chance = self.chance(of, "wait", 0);
        let mut left = chance.below(1000);
        for wait in &self.settings.habits.waits {
            let share = wait.share * pressure / 1000;
            if left < share {
                return chance.within(wait.days);
            }
            left -= share;
        }
        0
    }

    pub(crate) fn habits(&self) -> StayHabits {
        self.settings.habits.stays
    }
}

/// The first stays of all patients, in the order in which they begin. Those of whom the municipality would hear nothing are left
/// out: patients without services and without a need.
fn courses(days: u32, settings: &Settings, region: &Region, wall: &Wall, chance: &Chance) -> Vec<Course> {
    let mut all = Vec::new();
    let begin = begin(settings.habits.stays, region);
    for number in 0..days {
        let mut chance = chance.branch("day").nth(u64::from(number));
        let day = later(settings.region.start, number);
        let usual = chance.within(begin);
        let count = if is_weekend(day) { usual * 2 / 3 } else { usual };
        let mut today: Vec<Course> = (0..count)
            .filter_map(|_| course(wall.at(day, Time::midnight()), settings, region, &mut chance))
            .collect();
        today.sort_by_key(|it| it.admitted);
        all.extend(today);
    }
    all
}

/// How many stays begin on a weekday, the fewest and the most: as the habits say, or by the inhabitants, a fifth more or less. Fewer begin
/// at weekends, so that a weekday has a little more than its share of the year.
fn begin(habits: StayHabits, region: &Region) -> [u32; 2] {
    if habits.per_thousand == 0 {
        return habits.begin;
    }
    let inhabitants: u32 = region.municipalities.iter().map(|it| it.inhabitants).sum();
    let a_week = u64::from(inhabitants) * u64::from(habits.per_thousand) / 1000 * 7 / 365;
    // Five weekdays and two days of two thirds.
    let a_day = u32::try_from(a_week * 3 / 19).unwrap_or(u32::MAX);
    [a_day * 4 / 5, a_day * 6 / 5]
}

fn course(midnight: Timestamp, settings: &Settings, region: &Region, chance: &mut Chance) -> Option<Course> {
    let habits = settings.habits.stays;
    let has_services = chance.hits(habits.services);
    let needs = chance.hits(if has_services { habits.more_need } else { habits.new_need });
    let need = match (needs, chance.hits(habits.place)) {
        (false, _) => Need::AsBefore,
        (true, false) => Need::AtHome,
        (true, true) => Need::Place,
    };
    let ward = chance.share(region.trust.wards.iter().map(|it| it.share));
    let problem = problem(settings, &region.trust.wards.get(ward)?.field, chance);
    // Most come by day.
    let minute = if chance.hits(500) { chance.within([480, 1199]) } else { chance.below(1440) };
    let admitted = after(midnight, minutes(minute));
    let course = Course { admitted, ward, problem, has_services, need };
    (has_services || needs).then_some(course)
}

fn problem(settings: &Settings, field: &str, chance: &mut Chance) -> usize {
    let all = settings.texts.problems.iter().enumerate();
    let fitting: Vec<usize> =
        all.filter(|(_, it)| it.fields.iter().any(|it| it == field)).map(|(place, _)| place).collect();
    chance.one_of(&fitting).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_days_change_nothing_of_the_first() {
        let (short, long) = (World::new(5, 10), World::new(5, 20));
        assert_eq!(short.courses[..], long.courses[..short.courses.len()]);
        assert_eq!(short.patients[..], long.patients[..short.patients.len()]);
        assert_eq!(short.region, long.region);
    }

    #[test]
    fn stays_begin_in_the_order_of_time_within_the_days() {
        let world = World::new(5, 10);
        assert!(world.courses.is_sorted_by_key(|it| it.admitted));
        let days: Vec<Date> = world.courses.iter().map(|it| world.wall.day(it.admitted)).collect();
        assert_eq!((days.first(), days.last()), (Some(&world.start), Some(&later(world.start, 9))));
    }
}
