//! The region like the north of Norway, held to what was published of real ones.
//!
//! Published: of 299 742 discharges of seven English trusts (2023 to 2025) 84.35 % weren't delayed; of those that were, 28.7 % by a day,
//! 23.1 % by two or three, 17.7 % by four to six, 17.4 % by seven to thirteen, 6.2 % by fourteen to twenty, 7.0 % by more. Days after
//! ready in 2023, as the press told them of the municipalities: Tromsø 6 579, Harstad 3 338, Narvik 966. For the rest there is only that
//! the whole of Norway had 13 days for each thousand inhabitants in 2022, and the north about three times as many as the south.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use jiff::{Timestamp, civil::Date};
use samspill_base::Entry;
use samspill_formats::messages::norway;
use samspill_sim::{Settings, World, whole_of};

/// What a year says.
struct Year {
    world: Arc<World>,
    cases: BTreeMap<String, Vec<Entry>>,
}

impl Year {
    /// The year of seed 1, made once for all tests.
    fn one() -> &'static Self {
        static YEAR: OnceLock<Year> = OnceLock::new();
        YEAR.get_or_init(|| Self::new(1))
    }

    fn new(seed: u64) -> Self {
        let world = Arc::new(World::of(seed, 365, Settings::unn_like()));
        let mut cases: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for entry in whole_of(&world) {
            cases.entry(entry.case.clone()).or_default().push(entry);
        }
        Self { world, cases }
    }

    /// Of each stay that ended at home with a ready notice that stood: the municipality, and the days from ready to home.
    fn waits(&self) -> Vec<(String, i64)> {
        self.cases.values().filter_map(|entries| wait(entries)).collect()
    }
}

fn wait(entries: &[Entry]) -> Option<(String, i64)> {
    let last = |kind: &str| entries.iter().rfind(|entry| entry.kind == kind);
    let (ready, home) = (last("utskrivningsklar")?, last("utskrevet")?);
    let withdrawn = last("avmelding").is_some_and(|entry| entry.happened > ready.happened);
    let days = (day(home.happened) - day(ready.happened)).get_days();
    (!withdrawn).then(|| (ready.to.clone().unwrap_or_default(), i64::from(days)))
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(norway()).date()
}

/// Of each thousand.
fn share(part: usize, whole: usize) -> usize {
    part * 1000 / whole.max(1)
}

#[test]
fn patients_wait_as_long_as_published_figures_say() {
    let waits = Year::one().waits();
    let none = waits.iter().filter(|(_, days)| *days == 0).count();
    println!("{} ready patients, {} of a thousand don't wait", waits.len(), share(none, waits.len()));
    let waiting = waits.len() - none;
    let bands = [(1, 1, 287), (2, 3, 231), (4, 6, 177), (7, 13, 174), (14, 20, 62), (21, 400, 70)];
    let mut wrong = Vec::new();
    for (from, to, published) in bands {
        let count = waits.iter().filter(|(_, days)| (from..=to).contains(days)).count();
        let found = share(count, waiting);
        println!("{from} to {to} days: {found} of a thousand that wait, published {published}");
        wrong.extend((found.abs_diff(published) > 60).then_some((from, found, published)));
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    // The three large municipalities have more days than those figures would give them, so that fewer than 84 % leave at once.
    assert!((780..=870).contains(&share(none, waits.len())), "{}", share(none, waits.len()));
}

#[test]
fn municipalities_have_the_days_of_a_year_that_were_told_of_them() {
    let year = Year::one();
    let mut days: BTreeMap<String, i64> = BTreeMap::new();
    for (municipality, wait) in year.waits() {
        *days.entry(municipality).or_default() += wait;
    }
    println!("{days:?}, {} in all", days.values().sum::<i64>());
    for (name, published) in [("Tromsø", 6579), ("Harstad", 3338), ("Narvik", 966)] {
        let found = days.get(name).copied().unwrap_or_default();
        assert!((found - published).abs() * 100 <= published * 25, "{name}: {found}, published {published}");
    }
    let others = year.world.region.municipalities.iter().skip(3);
    let inhabitants: u32 = others.clone().map(|it| it.inhabitants).sum();
    let rest: i64 = others.filter_map(|it| days.get(&it.name)).sum();
    let a_thousand = rest * 1000 / i64::from(inhabitants);
    println!("the others have {a_thousand} days for each thousand inhabitants");
    assert!((10..=45).contains(&a_thousand), "{a_thousand}");
}

/// Forskriften § 8: within 24 hours of the admission, or of when the need became clear.
#[test]
fn most_notices_come_within_a_day_and_some_do_not() {
    let year = Year::one();
    let (mut kept, mut all) = (0, 0);
    for entries in year.cases.values() {
        let Some(notice) = entries.iter().find(|entry| entry.kind == "tidligmelding") else { continue };
        let needs = entries.iter().find(|it| it.kind == "behov-oppdaget");
        let Some(from) = needs.or_else(|| entries.iter().find(|it| it.kind == "innlagt")) else { continue };
        let by = notice.sent.unwrap_or(notice.happened).duration_since(from.happened);
        all += 1;
        kept += usize::from(by.as_hours() < 24);
    }
    println!("{kept} of {all} notices within a day");
    assert!((880..=960).contains(&share(kept, all)), "{}", share(kept, all));
}

#[test]
fn stays_begin_as_often_as_inhabitants_say_and_mostly_at_the_nearest_hospital() {
    let world = &Year::one().world;
    let inhabitants: u32 = world.region.municipalities.iter().map(|it| it.inhabitants).sum();
    let a_thousand = world.patients.len() * 1000 / usize::try_from(inhabitants).unwrap();
    // Those of whom the municipality hears nothing are left out: about a tenth.
    assert!((56..=70).contains(&a_thousand), "{a_thousand}");
    for place in 0..3 {
        let it = &world.region.municipalities[place];
        let count = world.patients.iter().filter(|patient| patient.home == place).count();
        let expected = world.patients.len() * usize::try_from(it.inhabitants).unwrap()
            / usize::try_from(inhabitants).unwrap();
        assert!(count.abs_diff(expected) * 8 < expected, "{}: {count}, by inhabitants {expected}", it.name);
    }
}
