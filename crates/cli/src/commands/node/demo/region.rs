//! The region as the demo's node keeps it going.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use samspill_base::{Entry, Position};
use samspill_formats::messages::ids::Sex;
use samspill_server::{
    Trouble,
    door::Waiting,
    jobs::{Job, Outcome},
};
use samspill_service::{
    access::Protection,
    audit::persons::{Person, PersonRegister},
    exchange::mailroom::Mailroom,
    people::SystemRandom,
};
use samspill_sim::{
    Patient, Play, World,
    live::{Live, history},
};
use samspill_store::{Append, AppendKey};
use samspill_transport::Doing;
use tokio::sync::Mutex;

use super::plan::Plan;

/// The region, once it is made. The node's job lets it go on.
#[derive(Clone, Debug, Default)]
pub(super) struct Region(Arc<Mutex<Option<Live>>>);

/// Entries of the history that are appended at a time.
const AT_ONCE: usize = 2_000;
/// Persons that are sealed in a transaction.
const PERSONS_AT_ONCE: usize = 500;
/// What is caught up with at a time, so that the page can say how far it has come.
const STRIDE: SignedDuration = SignedDuration::from_hours(6);
/// How often the parties look.
const LOOK_EVERY: Duration = Duration::from_secs(5);

impl Region {
    /// Makes the region up to now, or takes up what was made before.
    pub(super) async fn make(
        &self,
        plan: &Plan,
        room: &Mailroom,
        register: &PersonRegister,
        waiting: &Waiting,
    ) -> Result<(), Trouble> {
        let begun = Instant::now();
        let world = plan.world(Timestamp::now());
        let from = plan.messages_from();
        waiting.say("Regionen lages: historien skrives.");
        let (parties, entries) = history(Play::new(world.clone()), from);
        let mut live = if let Some(last) = plan.history() {
            Live::resume(parties, room.clone(), from, Position(last)).await.map_err(told)?
        } else {
            let persons = persons(&world, &entries);
            let last = lay(room, entries, waiting).await?;
            learn(register, room, &persons, waiting).await?;
            plan.clone().with_history(last.0).map_err(told)?;
            Live::new(parties, room.clone(), from, last)
        };
        catch_up(&mut live, waiting).await?;
        *self.0.lock().await = Some(live);
        tracing::info!(
            ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            "the region is made"
        );
        Ok(())
    }
}

/// Appends the history. Done again after a crash, it appends what isn't there.
async fn lay(room: &Mailroom, entries: Vec<Entry>, waiting: &Waiting) -> Result<Position, Trouble> {
    let (all, mut last) = (entries.len(), Position(0));
    for (number, part) in entries.chunks(AT_ONCE).enumerate() {
        let done = number * AT_ONCE * 100 / all.max(1);
        waiting.say(&format!("Regionen lages: {done} prosent av historien er skrevet."));
        let key = AppendKey::new(format!("historie-{number}")).map_err(told)?;
        let recorded = part.last().and_then(|entry| entry.recorded).unwrap_or_default();
        let append = Append { key, recorded, entries: part.to_vec() };
        last = room.store().append(room.community(), &append).await.map_err(told)?.last;
    }
    Ok(last)
}

/// Those whom the history is about; and all whose address or identity is kept from most, also those who are yet to come: their messages
/// say nothing of it.
fn persons(world: &World, entries: &[Entry]) -> Vec<Person> {
    let patients = world.patients.iter().flat_map(|patient| {
        let ids = [Some(&patient.identity), patient.later.as_ref()].into_iter().flatten();
        ids.filter_map(|identity| identity.number()).map(move |id| (id, patient))
    });
    let patients: BTreeMap<&str, &Patient> = patients.collect();
    let named: std::collections::BTreeSet<&str> =
        entries.iter().filter_map(|entry| entry.person.as_deref()).collect();
    let protected = patients.iter().filter(|(_, patient)| patient.protection != Protection::None);
    let named: std::collections::BTreeSet<&str> =
        named.into_iter().chain(protected.map(|(id, _)| *id)).collect();
    let found = named.into_iter().filter_map(|id| Some((id, patients.get(id)?)));
    found.map(|(id, patient)| person(id, patient, world)).collect()
}

fn person(id: &str, patient: &Patient, world: &World) -> Person {
    let home = world.region.municipalities.get(patient.home);
    Person {
        id: id.to_owned(),
        given: patient.given.clone(),
        family: patient.family.clone(),
        born: Some(patient.born),
        phone: Some(patient.telephone.clone()),
        sex: Some(if patient.sex == Sex::Woman { "2" } else { "1" }.to_owned()),
        address: home.map(|it| it.name.clone()),
        gp: patient.gp.and_then(|place| world.region.gps.get(place)).map(|it| it.name.clone()),
        municipality: home.map(|it| it.number.clone()),
        protection: patient.protection,
        ..Person::default()
    }
}

async fn learn(
    register: &PersonRegister,
    room: &Mailroom,
    persons: &[Person],
    waiting: &Waiting,
) -> Result<(), Trouble> {
    for (number, part) in persons.chunks(PERSONS_AT_ONCE).enumerate() {
        let done = number * PERSONS_AT_ONCE * 100 / persons.len().max(1);
        waiting.say(&format!("Regionen lages: {done} prosent av navnene er forseglet."));
        let mut tx = room.store().begin(room.community()).await.map_err(told)?;
        for person in part {
            register.learn(&mut tx, person, &SystemRandom, Timestamp::now()).await.map_err(told)?;
        }
        tx.commit().await.map_err(told)?;
    }
    Ok(())
}

/// What happened since, in its own order and by its own times.
async fn catch_up(live: &mut Live, waiting: &Waiting) -> Result<(), Trouble> {
    loop {
        let (at, now) = (live.now(), Timestamp::now());
        let next = at.checked_add(STRIDE).unwrap_or(now).min(now);
        let left = now.duration_since(at).as_hours();
        waiting
            .say(&format!("Regionen lages: {left} timer av de siste dagene gjenstår, melding for melding."));
        live.until(next).await.map_err(told)?;
        if next == now {
            return Ok(());
        }
    }
}

fn told(error: impl std::fmt::Display) -> Trouble {
    Trouble(error.to_string())
}

impl Job for Region {
    fn name(&self) -> &'static str {
        "region"
    }

    fn every(&self) -> Duration {
        LOOK_EVERY
    }

    fn run(&self, now: Timestamp) -> Doing<'_, Outcome> {
        Box::pin(async move {
            let mut live = self.0.lock().await;
            let Some(live) = live.as_mut() else { return Outcome::Done };
            match live.until(now).await {
                Ok(_) => Outcome::Done,
                Err(error) => Outcome::Failed { says: error.to_string() },
            }
        })
    }
}
