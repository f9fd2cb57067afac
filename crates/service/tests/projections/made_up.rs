//! Stays that chance made up, from a seed: also such as could never happen.

use jiff::SignedDuration;
use samspill_base::{CaseLog, Entry, Position, Value};

use crate::support::at;

/// What happens in a stay, the usual things more often.
const KINDS: [&str; 18] = [
    "innlagt",
    "innlagt",
    "melding-om-innlagt-pasient",
    "tidligmelding",
    "tidligmelding",
    "innleggelsesrapport",
    "helseopplysninger",
    "helseopplysninger",
    "utskrivningsklar",
    "utskrivningsklar",
    "avmelding",
    "svar-utskrivningsklar",
    "kan-ta-imot",
    "epikrise",
    "utskrevet",
    "reinnlagt",
    "dodsfall",
    "noe-ingen-kjenner",
];

/// Numbers from a seed: the same in each run.
#[derive(Clone, Debug)]
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % end
    }

    pub(crate) fn one_in(&mut self, times: i64) -> bool {
        self.below(times) == 0
    }
}

/// A stay. Entries happen within two weeks; some are recorded before they happen, some long after, some received later.
pub(crate) fn stay(seed: u64, length: i64) -> CaseLog {
    let mut dice = Dice(seed);
    let begin = at("2024-05-13T06:00");
    let mut entries: Vec<Entry> = Vec::new();
    for number in 1..=length {
        let kind = KINDS[usize::try_from(dice.below(18)).unwrap()];
        let happened = begin + SignedDuration::from_mins(15 * dice.below(14 * 96));
        let mut entry = Entry::new(format!("sak {seed}"), kind, Position(number.unsigned_abs()), happened);
        entry.recorded = Some(happened + SignedDuration::from_mins(spread(&mut dice)));
        entry.received = dice.one_in(3).then(|| happened + SignedDuration::from_hours(dice.below(30)));
        entry.id = dice.one_in(3).then(|| format!("m{}", dice.below(4)));
        if number == 1 || dice.one_in(6) {
            facts(&mut dice, &mut entry);
        }
        entries.push(entry);
    }
    entries.sort_by_key(|entry| entry.recorded);
    for (entry, position) in entries.iter_mut().zip(1..) {
        entry.position = Position(position);
    }
    CaseLog { case: format!("sak {seed}"), entries }
}

/// Minutes from when something happens to when it is recorded.
fn spread(dice: &mut Dice) -> i64 {
    match dice.below(5) {
        0 => -60 * dice.below(72),
        1 => 60 * dice.below(72),
        _ => dice.below(10),
    }
}

fn facts(dice: &mut Dice, entry: &mut Entry) {
    let area = if dice.one_in(4) { "psykisk-helse" } else { "somatikk" };
    entry.facts.insert("fagomrade".to_owned(), Value::text(area));
    for fact in ["kommunale-tjenester", "kommunalt-behov"] {
        if !dice.one_in(5) {
            entry.facts.insert(fact.to_owned(), Value::Bool(!dice.one_in(5)));
        }
    }
    entry
        .facts
        .insert("oppholdskommune".to_owned(), Value::text(["Harstad", "Molde"][usize::from(dice.one_in(2))]));
}
