//! What a region, its people and their habits are made from: data, read from TOML.

use jiff::civil::Date;
use serde::Deserialize;

/// A share of a thousand.
pub type Thousandths = u32;

/// All that a made-up region is made from, beside the seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Who there is.
    pub region: RegionSettings,
    /// How they behave.
    pub habits: Habits,
    /// What messages say.
    pub texts: Texts,
}

/// What a data file doesn't say, or says with a key that isn't one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {says}")]
pub struct SettingsError {
    /// Which of the files.
    pub file: &'static str,
    /// What is wrong, and where.
    pub says: String,
}

impl Settings {
    /// The shipped region, habits and texts (`data/` of this crate, where the keys are explained).
    ///
    /// # Panics
    /// Never: that they can be read is tested.
    pub fn shipped() -> Self {
        let read = Self::read(REGION, HABITS, TEXTS);
        #[expect(clippy::expect_used, reason = "the files are built in, and a test reads them")]
        read.expect("the shipped files can be read")
    }

    /// Settings of three files: region, habits, texts. The shipped ones show the keys.
    ///
    /// # Errors
    /// Where a file is no TOML, lacks a key, has one that isn't known, or has no party or text of a kind that is needed.
    pub fn read(region: &str, habits: &str, texts: &str) -> Result<Self, SettingsError> {
        let settings = Self {
            region: table("region.toml", region)?,
            habits: table("habits.toml", habits)?,
            texts: table("texts.toml", texts)?,
        };
        settings.region.check()?;
        Ok(settings)
    }

    /// The shipped region that is like the north of Norway: 24 municipalities with their real names, numbers and inhabitants, a made-up
    /// trust of three hospitals, and delays as published figures have them (`data/unn-like/`).
    ///
    /// # Panics
    /// Never: that they can be read is tested.
    pub fn unn_like() -> Self {
        let read = Self::read(NORTH_REGION, NORTH_HABITS, TEXTS).and_then(|mut settings| {
            let more: MoreProblems = table("problems.toml", NORTH_PROBLEMS)?;
            settings.texts.problems.extend(more.problems);
            Ok(settings)
        });
        #[expect(clippy::expect_used, reason = "the files are built in, and a test reads them")]
        read.expect("the shipped files can be read")
    }

    /// The shipped settings with these habits instead.
    ///
    /// # Errors
    /// As [`Settings::read`].
    pub fn with_habits(habits: &str) -> Result<Self, SettingsError> {
        Self::read(REGION, habits, TEXTS)
    }
}

const REGION: &str = include_str!("../data/region.toml");
const HABITS: &str = include_str!("../data/habits.toml");
const TEXTS: &str = include_str!("../data/texts.toml");
const NORTH_REGION: &str = include_str!("../data/unn-like/region.toml");
const NORTH_HABITS: &str = include_str!("../data/unn-like/habits.toml");
const NORTH_PROBLEMS: &str = include_str!("../data/unn-like/problems.toml");

/// Problems beside those of the texts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoreProblems {
    #[serde(rename = "problem")]
    problems: Vec<Problem>,
}

pub(crate) fn table<T: serde::de::DeserializeOwned>(
    file: &'static str,
    text: &str,
) -> Result<T, SettingsError> {
    toml::from_str(text).map_err(|error| SettingsError { file, says: error.to_string() })
}

/// Who there is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionSettings {
    /// The first day on which anybody is admitted.
    pub start: Date,
    /// The hospital trust.
    pub trust: TrustSettings,
    /// Its wards.
    #[serde(rename = "ward")]
    pub wards: Vec<WardSettings>,
    /// The municipalities.
    #[serde(rename = "municipality")]
    pub municipalities: Vec<MunicipalitySettings>,
    /// Offices of general practitioners, where there are any.
    #[serde(rename = "gp", default)]
    pub gps: Vec<GpSettings>,
    /// What people are called.
    pub names: NameSettings,
}

impl RegionSettings {
    fn check(&self) -> Result<(), SettingsError> {
        let lacks = |what: &str| {
            Err(SettingsError {
                file: "region.toml",
                says: format!("there is no {what}: enter at least one"),
            })
        };
        let shared = |shares: &mut dyn Iterator<Item = u32>| shares.sum::<u32>() > 0;
        let names = &self.names;
        if !shared(&mut self.wards.iter().map(|it| it.share)) {
            return lacks("[[ward]] with a share");
        }
        if !shared(&mut self.municipalities.iter().map(MunicipalitySettings::weight)) {
            return lacks("[[municipality]] with a share or inhabitants");
        }
        let is_there = |name: &String| self.municipalities.iter().any(|it| it.name == *name);
        if !self.gps.iter().all(|it| is_there(&it.municipality)) {
            return lacks("[[municipality]] for a [[gp]]");
        }
        if names.women.is_empty() || names.men.is_empty() || names.families.is_empty() {
            return lacks("name for people");
        }
        Ok(())
    }
}

/// The hospital trust.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustSettings {
    /// Its name.
    pub name: String,
}

/// A ward.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WardSettings {
    /// Its name, which the log calls it by.
    pub name: String,
    /// Its field of care: `somatikk`, `phv`, `tsb`.
    pub field: String,
    /// How many of the stays begin there, beside those of the other wards.
    pub share: Thousandths,
    /// The hospital where it lies; empty where that makes no difference.
    #[serde(default)]
    pub hospital: String,
    /// Of each thousand patients of other hospitals' municipalities, how many come here all the same.
    #[serde(default)]
    pub away: Thousandths,
}

/// A municipality.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MunicipalitySettings {
    /// Its name, which the log calls it by.
    pub name: String,
    /// Its number in the official list (kommunenummer); empty for one that is made up.
    #[serde(default)]
    pub number: String,
    /// How many live there.
    #[serde(default)]
    pub inhabitants: u32,
    /// How many of the patients live there, beside those of the others. Without it, as many as inhabitants say.
    #[serde(default)]
    pub share: Thousandths,
    /// How many short-term places it has, where waits follow from places.
    #[serde(default)]
    pub places: u32,
    /// The hospital that its patients come to first; empty where that makes no difference.
    #[serde(default)]
    pub hospital: String,
    /// How often its patients wait, in thousandths of what the habits say of all.
    #[serde(default = "as_all")]
    pub pressure: Thousandths,
}

impl MunicipalitySettings {
    /// How many of the patients live there, beside those of the others.
    pub(crate) fn weight(&self) -> u32 {
        if self.share == 0 { self.inhabitants } else { self.share }
    }
}

/// An office of general practitioners.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GpSettings {
    /// Its name, which the log calls it by.
    pub name: String,
    /// The municipality where it lies.
    pub municipality: String,
    /// How many of that municipality's patients have their practitioner there.
    pub serves: Thousandths,
}

fn as_all() -> Thousandths {
    1000
}

/// What people are called.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameSettings {
    /// Given names of women.
    pub women: Vec<String>,
    /// Given names of men.
    pub men: Vec<String>,
    /// Family names.
    pub families: Vec<String>,
}

/// How the parties behave.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Habits {
    /// The hospital.
    pub hospital: Behaviour,
    /// Municipalities, before each has its own.
    pub municipality: Behaviour,
    /// How long things take.
    pub delays: Delays,
    /// What stays are like.
    pub stays: StayHabits,
    /// What patients are like.
    pub people: PeopleHabits,
    /// How long ready patients wait for a municipality. Where nothing is said, it follows from its places.
    #[serde(default, rename = "wait")]
    pub waits: Vec<WaitHabit>,
}

/// Some of the ready patients wait so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitHabit {
    /// How many of the ready patients, where the pressure is as of all.
    pub share: Thousandths,
    /// Days, the fewest and the most.
    pub days: [u32; 2],
}

/// How often a party does otherwise than it should, in thousandths of its messages. What each means, `data/habits.toml` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Behaviour {
    /// Sent too late.
    pub late: Thousandths,
    /// Never sent.
    pub missing: Thousandths,
    /// Sent without some of what it should say.
    pub incomplete: Thousandths,
    /// Sent so that the receiver can't take it, or to another one.
    pub wrong: Thousandths,
    /// Sent, and then changed.
    pub corrected: Thousandths,
    /// Sent, cancelled, and sent again.
    pub cancelled: Thousandths,
    /// Sent in the evening or at a weekend.
    pub odd_hours: Thousandths,
    /// Answered in words that decide nothing.
    pub unclear: Thousandths,
    /// Answered as a note.
    pub note_form: Thousandths,
    /// How far the shares of a party may lie from these, in thousandths of them.
    pub spread: Thousandths,
}

/// How long things take, in minutes: the least and the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the delay of what it is called after; data/habits.toml lists them")]
pub struct Delays {
    pub notice: [u32; 2],
    pub notice_late: [u32; 2],
    pub early: [u32; 2],
    pub early_late: [u32; 2],
    pub update_before_ready: [u32; 2],
    pub summary: [u32; 2],
    pub summary_late: [u32; 2],
    pub report: [u32; 2],
    pub report_late: [u32; 2],
    pub reply: [u32; 2],
    pub reply_late: [u32; 2],
    pub discharge_notice: [u32; 2],
    pub discharge_notice_late: [u32; 2],
    pub discharge_report: [u32; 2],
    pub epicrisis_before: [u32; 2],
    pub epicrisis_late: [u32; 2],
    pub mend: [u32; 2],
}

/// What stays are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StayHabits {
    /// How many begin on a day.
    #[serde(default)]
    pub begin: [u32; 2],
    /// How many begin in a year for each thousand inhabitants; 0 where `begin` says how many.
    #[serde(default)]
    pub per_thousand: u32,
    /// Days from admission to ready.
    pub days: [u32; 2],
    /// Patients who have municipal services.
    pub services: Thousandths,
    /// Of the others: who will need some.
    pub new_need: Thousandths,
    /// Of those who have some: who need more.
    pub more_need: Thousandths,
    /// Of those in need: who need a short-term place.
    pub place: Thousandths,
    /// Who die during the stay.
    pub dies: Thousandths,
    /// Whose ready notice is withdrawn.
    pub withdrawn: Thousandths,
    /// Who are moved to another ward.
    pub transferred: Thousandths,
    /// Who are back within two days.
    pub readmitted: Thousandths,
    /// Hours until then.
    pub readmitted_hours: [u32; 2],
    /// Days a municipal place is taken.
    pub place_days: [u32; 2],
    /// Days until a hospital without an answer lets the patient go.
    pub patience: [u32; 2],
    /// Hours until a hospital without an answer asks; it doesn't where the second is 0.
    #[serde(default)]
    pub remind_hours: [u32; 2],
}

/// What patients are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleHabits {
    /// Without any id: name and day of birth.
    pub without_id: Thousandths,
    /// With a D-number.
    pub d_number: Thousandths,
    /// Who get another id during their stay.
    pub new_id: Thousandths,
    /// Twins of the patient before.
    pub twins: Thousandths,
    /// Called as another patient.
    pub namesakes: Thousandths,
    /// Whose address is protected.
    #[serde(default)]
    pub protected_address: Thousandths,
    /// Whose name and identity are protected.
    #[serde(default)]
    pub protected_identity: Thousandths,
    /// Who stay in another municipality than their own afterwards, which is told of them too.
    #[serde(default)]
    pub elsewhere: Thousandths,
}

/// What messages say.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// What patients come with.
    #[serde(rename = "problem")]
    pub problems: Vec<Problem>,
    /// Sentences by what they are about.
    pub words: std::collections::BTreeMap<String, Vec<String>>,
    /// Replies to a ready notice by what they say.
    pub replies: std::collections::BTreeMap<String, Vec<String>>,
}

impl Texts {
    /// Sentences about something; none where the file has none.
    pub(crate) fn about(&self, what: &str) -> &[String] {
        self.words.get(what).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn reply(&self, what: &str) -> &[String] {
        self.replies.get(what).map_or(&[], Vec::as_slice)
    }
}

/// What a patient comes with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The fields of care that it belongs to.
    pub fields: Vec<String>,
    /// In a word.
    pub problem: String,
    /// Why the patient came.
    pub reason: String,
    /// The diagnosis: code and name.
    pub diagnosis: String,
    /// What is expected.
    pub course: String,
    /// What is planned afterwards.
    pub plan: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_files_can_be_read() {
        let settings = Settings::shipped();
        assert!(settings.habits.hospital.late > 0 && settings.texts.problems.len() > 5);
    }

    #[test]
    fn the_region_like_the_north_has_its_municipalities_by_number() {
        let settings = Settings::unn_like();
        let all = &settings.region.municipalities;
        let numbers: std::collections::BTreeSet<&str> = all.iter().map(|it| it.number.as_str()).collect();
        assert_eq!((all.len(), numbers.len()), (24, 24));
        assert!(numbers.iter().all(|it| it.len() == 4 && (it.starts_with("55") || it.starts_with("18"))));
        let inhabitants: u32 = all.iter().map(|it| it.inhabitants).sum();
        assert!((185_000..200_000).contains(&inhabitants), "{inhabitants}");
        let shares: u32 = settings.region.wards.iter().map(|it| it.share).sum();
        assert_eq!(shares, 1000);
        let hospitals: std::collections::BTreeSet<&str> =
            settings.region.wards.iter().map(|it| it.hospital.as_str()).collect();
        assert_eq!(hospitals.len(), 3);
        assert!(all.iter().all(|it| hospitals.contains(it.hospital.as_str())));
    }

    #[test]
    fn an_unknown_key_is_told_with_its_name() {
        let error = Settings::with_habits(&format!("sen = 1\n{HABITS}")).unwrap_err();
        assert!(error.to_string().contains("habits.toml") && error.to_string().contains("sen"), "{error}");
    }

    #[test]
    fn a_region_without_municipalities_is_refused() {
        let alone = REGION.split("# A municipality,").next().unwrap().to_owned()
            + "municipality = []\n[names]\nwomen = [\"A\"]\nmen = [\"B\"]\nfamilies = [\"C\"]\n";
        let alone = alone.replace("[trust]", "").replace("name = \"Helse Tindrefjord HF\"", "");
        let alone = format!(
            "municipality = []\ntrust = {{ name = \"T\" }}\n{}",
            alone.replace("municipality = []\n", "")
        );
        let error = Settings::read(&alone, HABITS, TEXTS).unwrap_err();
        assert!(error.says.contains("[[municipality]]"), "{error}");
    }
}
