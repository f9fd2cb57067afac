//! Made-up patients.

use jiff::civil::Date;
use samspill_formats::messages::{
    ids::{PersonNumberKind, Sex},
    make::{AddressDraft, PatientDraft},
};
use samspill_service::access::Protection;

use crate::{
    Chance,
    numbers::Numbers,
    region::Region,
    settings::{PeopleHabits, Settings},
};

/// A made-up patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Day of birth.
    pub born: Date,
    /// Sex.
    pub sex: Sex,
    /// The municipality where the patient lives, by its place in [`Region::municipalities`].
    pub home: usize,
    /// Telephone.
    pub telephone: String,
    /// How the patient is known at first.
    pub identity: Identity,
    /// How the patient is known later on: another number was given during the stay.
    pub later: Option<Identity>,
    /// What is odd about telling the patient from others.
    pub oddity: Option<Oddity>,
    /// What of the patient is kept from most.
    pub protection: Protection,
    /// Where the patient's general practitioner is, by the place in [`Region::gps`]; none who is in the region.
    pub gp: Option<usize>,
    /// The municipality where the patient stays afterwards, where that isn't the patient's own.
    pub elsewhere: Option<usize>,
}

/// How a patient is known. All numbers are synthetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// By fødselsnummer.
    Fnr(String),
    /// By D-number.
    Dnr(String),
    /// By name and day of birth alone.
    NameOnly,
}

/// What is odd about telling a patient from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// No id at all.
    WithoutId,
    /// Another id from some time on.
    NewId,
    /// A twin of the patient before: same family name, day of birth, sex, and telephone.
    Twin,
    /// Called as another patient, born on another day.
    Namesake,
}

impl Identity {
    /// The number; none without an id.
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Fnr(number) | Self::Dnr(number) => Some(number),
            Self::NameOnly => None,
        }
    }
}

impl Patient {
    /// The patient as messages name them, by this identity.
    pub fn draft(&self, by: &Identity, region: &Region) -> PatientDraft {
        let of = |wanted: fn(&Identity) -> bool| by.number().filter(|_| wanted(by)).map(str::to_owned);
        let city = region.municipalities.get(self.home).map_or("", |it| it.name.as_str());
        PatientDraft {
            given_name: self.given.clone(),
            family_name: self.family.clone(),
            born: Some(self.born.to_string()),
            sex: Some(if self.sex == Sex::Woman { "2" } else { "1" }.to_owned()),
            fnr: of(|it| matches!(it, Identity::Fnr(_))),
            dnr: of(|it| matches!(it, Identity::Dnr(_))),
            address: Some(AddressDraft { city: city.to_owned(), ..AddressDraft::default() }),
            telephones: vec![self.telephone.clone()],
            ..PatientDraft::default()
        }
    }
}

/// A patient for each of these wards, in the order in which they come. The first of them are the same, however many are made.
pub(crate) fn people(
    wards: impl ExactSizeIterator<Item = usize>,
    settings: &Settings,
    region: &Region,
    chance: &Chance,
) -> Vec<Patient> {
    let chance = chance.branch("people");
    let mut maker = Maker { settings, region, numbers: Numbers::default() };
    let mut all: Vec<Patient> = Vec::with_capacity(wards.len());
    for (number, ward) in (0_u64..).zip(wards) {
        let mut next = maker.next(ward, &all, &mut chance.nth(number));
        maker.surround(&mut next, &mut chance.branch("around").nth(number));
        all.push(next);
    }
    all
}

struct Maker<'s> {
    settings: &'s Settings,
    region: &'s Region,
    numbers: Numbers,
}

impl Maker<'_> {
    fn next(&mut self, ward: usize, before: &[Patient], chance: &mut Chance) -> Patient {
        let habits = self.settings.habits.people;
        let oddity = oddity(habits, chance).filter(|odd| odd.needs_none_before() || !before.is_empty());
        let mut patient = self.plain(ward, chance);
        match (oddity, before.last(), chance.one_of(before)) {
            (Some(Oddity::Twin), Some(twin), _) => {
                patient = Patient { given: patient.given, ..twin.clone() };
                if twin.sex != Sex::Woman || patient.given == twin.given {
                    patient.given = self.other_name(&twin.given, twin.sex, chance);
                }
            }
            (Some(Oddity::Namesake), _, Some(other)) => {
                (patient.given, patient.family) = (other.given.clone(), other.family.clone());
                patient.sex = other.sex;
            }
            (Some(_) | None, _, _) => {}
        }
        let is_foreign = chance.hits(habits.d_number) || oddity == Some(Oddity::NewId);
        patient.identity = match oddity {
            Some(Oddity::WithoutId) => Identity::NameOnly,
            _ if is_foreign => self.number(PersonNumberKind::DNummer, &patient, chance),
            Some(Oddity::NewId | Oddity::Twin | Oddity::Namesake) | None => {
                self.number(PersonNumberKind::Fodselsnummer, &patient, chance)
            }
        };
        patient.later = (oddity == Some(Oddity::NewId))
            .then(|| self.number(PersonNumberKind::Fodselsnummer, &patient, chance));
        Patient { oddity, ..patient }
    }

    fn plain(&self, ward: usize, chance: &mut Chance) -> Patient {
        let names = &self.settings.region.names;
        let sex = if chance.hits(520) { Sex::Woman } else { Sex::Man };
        let given = if sex == Sex::Woman { &names.women } else { &names.men };
        Patient {
            given: chance.text(given).to_owned(),
            family: chance.text(&names.families).to_owned(),
            born: self.born(chance),
            sex,
            home: chance.share(self.region.homes(ward)),
            telephone: format!("+475701{:04}", chance.below(10_000)),
            identity: Identity::NameOnly,
            later: None,
            oddity: None,
            protection: Protection::None,
            gp: None,
            elsewhere: None,
        }
    }

    /// What is so of the patient beside who it is. It has chances of its own, so that it changes nothing else.
    fn surround(&self, patient: &mut Patient, chance: &mut Chance) {
        let habits = self.settings.habits.people;
        let protections = [habits.protected_address, habits.protected_identity];
        let rest = 1000_u32.saturating_sub(protections.iter().sum());
        let all = [Protection::Address, Protection::Identity];
        let place = chance.share(protections.into_iter().chain([rest]));
        patient.protection = all.get(place).copied().unwrap_or_default();
        let mut left = chance.below(1000);
        patient.gp = self.region.gps.iter().position(|gp| {
            let is_here = gp.municipality == patient.home;
            let is_it = is_here && left < gp.serves;
            left = if is_here { left.saturating_sub(gp.serves) } else { left };
            is_it
        });
        let others: Vec<usize> =
            (0..self.region.municipalities.len()).filter(|place| *place != patient.home).collect();
        patient.elsewhere = chance.hits(habits.elsewhere).then(|| chance.one_of(&others).copied()).flatten();
    }

    /// Most are between 65 and 95 years old at the start, some from 20 on.
    fn born(&self, chance: &mut Chance) -> Date {
        let years = if chance.hits(800) { [65, 95] } else { [20, 65] };
        let (years, days) = (chance.within(years), chance.below(365));
        let start = self.settings.region.start;
        let at = start.checked_sub(jiff::Span::new().years(i64::from(years)).days(i64::from(days)));
        at.unwrap_or(start)
    }

    fn other_name(&self, than: &str, sex: Sex, chance: &mut Chance) -> String {
        let names = &self.settings.region.names;
        let all = if sex == Sex::Woman { &names.women } else { &names.men };
        let others: Vec<String> = all.iter().filter(|it| *it != than).cloned().collect();
        chance.text(&others).to_owned()
    }

    fn number(&mut self, kind: PersonNumberKind, of: &Patient, chance: &mut Chance) -> Identity {
        let number = self.numbers.give(kind, of.born, of.sex, chance);
        match (number, kind) {
            (Some(number), PersonNumberKind::DNummer) => Identity::Dnr(number),
            (Some(number), _) => Identity::Fnr(number),
            (None, _) => Identity::NameOnly,
        }
    }
}

impl Oddity {
    fn needs_none_before(self) -> bool {
        matches!(self, Self::WithoutId | Self::NewId)
    }
}

fn oddity(habits: PeopleHabits, chance: &mut Chance) -> Option<Oddity> {
    let odd = [habits.without_id, habits.new_id, habits.twins, habits.namesakes];
    let rest = 1000_u32.saturating_sub(odd.iter().sum());
    let all = [Oddity::WithoutId, Oddity::NewId, Oddity::Twin, Oddity::Namesake];
    all.get(chance.share(odd.into_iter().chain([rest]))).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn some(count: usize) -> Vec<Patient> {
        let (settings, chance) = (Settings::shipped(), Chance::of(1));
        people(vec![0; count].into_iter(), &settings, &Region::of(&settings, &chance), &chance)
    }

    #[test]
    fn the_first_patients_are_the_same_however_many_there_are() {
        assert_eq!(some(300)[..100], some(100));
    }

    #[test]
    fn no_two_patients_have_one_number() {
        let all = some(3000);
        let numbers = all.iter().flat_map(|it| [Some(&it.identity), it.later.as_ref()]).flatten();
        let numbers: Vec<&str> = numbers.filter_map(Identity::number).collect();
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
    }

    #[test]
    fn there_are_some_of_each_oddity_and_they_are_what_they_are_called() {
        let all = some(3000);
        let odd = |wanted| all.windows(2).filter(move |pair| pair[1].oddity == Some(wanted));
        assert!(odd(Oddity::WithoutId).count() > 10);
        assert!(odd(Oddity::WithoutId).all(|pair| pair[1].identity == Identity::NameOnly));
        assert!(odd(Oddity::NewId).count() > 5);
        assert!(odd(Oddity::NewId).all(|pair| pair[1].later.is_some()));
        assert!(odd(Oddity::Twin).count() > 10);
        for pair in odd(Oddity::Twin) {
            let [one, other] = pair else { panic!("a pair") };
            assert_eq!((&one.family, one.born, one.home), (&other.family, other.born, other.home));
            assert_ne!(one.given, other.given);
        }
        assert!(odd(Oddity::Namesake).count() > 10);
    }
}
