//! What happens in a stay unless something comes between.

use jiff::{Timestamp, civil::time};

use super::{Hospital, Stay, Step};
use crate::{
    Chance,
    act::StayKey,
    partner::delay,
    settings::Delays,
    time::{after, before, hours, is_weekend, later, minutes, workday},
    world::{Course, Need},
};

impl Hospital {
    /// A patient comes: the stay is planned.
    pub(super) fn admit(&mut self, key: StayKey, at: Timestamp) {
        let Some(course) = self.world.course(key).copied() else { return };
        let mut chance = self.world.chance(key, "plan", 0);
        let days = chance.within(self.world.habits().days);
        let day = self.world.wall.day(at);
        let stay = Stay {
            admitted: at,
            ward: course.ward,
            number: 0,
            ready: None,
            has_withdrawn: false,
            answered: None,
            questions: 0,
            leaves: None,
            expected: workday(later(day, days)),
            ended: None,
        };
        self.stays.insert(key, stay);
        self.plan_notices(key, &course, at, &mut chance);
        self.plan_turns(key, at, days, &mut chance);
        if course.need == Need::AsBefore {
            self.agree(key, self.world.wall.days_on(at, days, time(11, 30, 0, 0)));
        } else {
            self.plan_ready(key, at, days, &mut chance);
        }
    }

    fn delays(&self) -> Delays {
        self.world.settings.habits.delays
    }

    fn enter(&mut self, at: Timestamp, key: StayKey, step: Step) {
        self.agenda.enter(at, (key, step));
    }

    fn plan_notices(&mut self, key: StayKey, course: &Course, at: Timestamp, chance: &mut Chance) {
        let (delays, behaviour) = (self.delays(), self.world.settings.habits.hospital);
        if course.has_services {
            match delay(chance, behaviour, delays.notice, delays.notice_late) {
                Some(by) => self.enter(after(at, by), key, Step::Notice),
                None => self.register(key, "innlagt", at),
            }
        }
        if course.need == Need::AsBefore {
            return;
        }
        let found = if course.has_services { at } else { after(at, hours(chance.within([6, 30]))) };
        if !course.has_services {
            self.enter(found, key, Step::NeedFound);
        }
        if let Some(by) = delay(chance, behaviour, delays.early, delays.early_late) {
            self.enter(after(found, by), key, Step::Early);
        }
    }

    /// Some are moved to another ward, and some die.
    fn plan_turns(&mut self, key: StayKey, at: Timestamp, days: u32, chance: &mut Chance) {
        let habits = self.world.habits();
        let during = |chance: &mut Chance| after(at, hours(chance.within([6, 24 * days])));
        if chance.hits(habits.transferred) {
            let moved = during(chance);
            self.enter(moved, key, Step::Transfer);
        }
        if chance.hits(habits.dies) {
            let dies = during(chance);
            self.enter(dies, key, Step::Death);
        }
    }

    /// From the last update to the ready notice, some days from now; and until when an answer is waited for.
    pub(super) fn plan_ready(&mut self, key: StayKey, from: Timestamp, days: u32, chance: &mut Chance) {
        let (delays, behaviour) = (self.delays(), self.world.settings.habits.hospital);
        let wall = self.world.wall.clone();
        let wanted = later(wall.day(from), days);
        let ready = if chance.hits(behaviour.odd_hours) {
            let opens = if is_weekend(wanted) { 9 } else { 15 };
            after(wall.at(wanted, time(opens, 0, 0, 0)), minutes(chance.within([1, 240])))
        } else {
            after(wall.at(workday(wanted), time(8, 0, 0, 0)), minutes(chance.within([30, 355])))
        };
        if days >= 4 {
            self.enter(wall.days_on(from, days / 2, time(13, 10, 0, 0)), key, Step::Update);
        }
        if self.field(key) != "somatikk" {
            let before = before(wall.at(wall.day(ready), time(12, 0, 0, 0)), hours(24));
            self.enter(before, key, Step::Meeting);
        }
        if let Some(by) = delay(chance, behaviour, delays.update_before_ready, delays.update_before_ready) {
            self.enter(before(ready, by), key, Step::Update);
        }
        self.enter(before(ready, minutes(chance.within([1, 14]))), key, Step::Assess);
        self.enter(ready, key, Step::Ready);
    }
}
