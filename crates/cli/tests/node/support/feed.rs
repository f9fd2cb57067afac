//! Made-up traffic of a region: a hospital and its municipalities.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use samspill_sim::{Form, Sent, Settings, World, messages_of};

use super::{node::Setup, stay::organisation_of};

/// A region, and the messages of its stays in the order in which they were sent; those left out that are wrong on purpose.
#[derive(Debug)]
pub(crate) struct Traffic {
    world: Arc<World>,
    pub(crate) messages: Vec<Sent>,
}

impl Traffic {
    /// Of the stays that begin within so many days.
    pub(crate) fn new(seed: u64, days: u32) -> Self {
        Self::in_world(World::new(seed, days))
    }

    /// The same, of stays that began within the last weeks: those who took part in them may still see them.
    pub(crate) fn lately(seed: u64, days: u32) -> Self {
        let mut settings = Settings::shipped();
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        settings.region.start = today.checked_sub(21.days()).unwrap();
        Self::in_world(World::of(seed, days, settings))
    }

    fn in_world(world: World) -> Self {
        let world = Arc::new(world);
        let mut messages = messages_of(&world).unwrap();
        messages.retain(|sent| match sent.form {
            Form::Usual | Form::Note => true,
            Form::Wrong(_) => false,
        });
        Self { world, messages }
    }

    /// Only what goes to and from some municipalities, by their places in the region.
    pub(crate) fn of(mut self, which: impl Fn(usize) -> bool) -> Self {
        let services = self.services(which);
        self.messages.retain(|sent| services.contains(&sent.from) || services.contains(&sent.to));
        self
    }

    /// What the log calls the hospital.
    pub(crate) fn trust(&self) -> &str {
        &self.world.region.trust.name
    }

    /// HER-ids of the hospital's services.
    pub(crate) fn wards(&self) -> Vec<String> {
        self.world.region.trust.wards.iter().map(|ward| ward.her.clone()).collect()
    }

    /// What the hospital's services are called, with their HER-ids.
    pub(crate) fn named_wards(&self) -> Vec<(String, String)> {
        self.world.region.trust.wards.iter().map(|ward| (ward.name.clone(), ward.her.clone())).collect()
    }

    /// HER-ids of the services of some municipalities, by their places in the region.
    pub(crate) fn services(&self, which: impl Fn(usize) -> bool) -> Vec<String> {
        let all = self.world.region.municipalities.iter().enumerate().filter(|(place, _)| which(*place));
        all.flat_map(|(_, it)| it.services.iter().map(|(_, _, her)| her.clone())).collect()
    }

    /// The hospital's node, but for its channels.
    pub(crate) fn hospital(&self) -> Setup {
        let trust = &self.world.region.trust;
        let own = organisation_of(&trust.name, &trust.her, trust.wards.iter().map(|ward| ward.her.as_str()));
        self.setup("sykehus", own)
    }

    /// The node of some municipalities, but for its channels.
    pub(crate) fn municipalities(&self, which: impl Fn(usize) -> bool) -> Setup {
        let all = self.world.region.municipalities.iter().enumerate().filter(|(place, _)| which(*place));
        let own = all.map(|(_, it)| {
            let services = it.services.iter().map(|(_, _, her)| her.as_str());
            organisation_of(&it.name, &it.her, services)
        });
        self.setup("kommuner", own.collect())
    }

    fn setup(&self, name: &str, own: String) -> Setup {
        let book = self.world.region.address_book();
        Setup { name: name.to_owned(), own, book, ..Setup::default() }
    }
}

/// HER-ids as the configuration lists them: `"1", "2"`.
pub(crate) fn listed<S: AsRef<str>>(hers: impl IntoIterator<Item = S>) -> String {
    let quoted: Vec<String> = hers.into_iter().map(|her| format!("\"{}\"", her.as_ref())).collect();
    quoted.join(", ")
}
