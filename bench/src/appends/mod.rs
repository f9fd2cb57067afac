//! What is appended to a store: entries of stays in the order of time, each an append of its own.

pub mod bare;
pub mod recorded;

use std::path::Path;

use samspill_base::Entry;
use samspill_service::projections::{Agreements, Projections};
use samspill_store::{Append, AppendKey, CommunityId, Options, Place, Store};

use crate::{Trouble, rules, stays};

/// Stays with fewer entries are passed over, so that a stay has about ten.
const ENTRIES_MIN: usize = 8;

/// How many stays are made for each that has enough entries.
const MADE_FOR_EACH: usize = 24;

/// The seed of the stays.
const SEED: u64 = 2024;

/// Entries of stays.
#[derive(Clone, Debug)]
pub struct Work {
    /// The first entry of each stay, in one append: it opens them all before anything is timed.
    pub opening: Append,
    /// The entries after them in the order of time, an append each.
    pub appends: Vec<Append>,
}

/// Whether duties, findings and search rows are kept beside the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived {
    /// They are, by the agreement on stays.
    Kept,
    /// The log stands alone.
    Nothing,
}

impl Work {
    /// So many entries of so many stays. `name` stands in front of keys and names of stays: other work in the same log has another.
    ///
    /// # Errors
    /// Where the stays haven't as many entries.
    pub fn new(name: &str, cases: usize, count: usize) -> Result<Self, Trouble> {
        let mut entries = cases_of(name, cases)?;
        let first = entries.iter_mut().map(|case| case.remove(0)).collect();
        let mut later: Vec<Entry> = entries.into_iter().flatten().collect();
        later.sort_by_key(|entry| entry.recorded);
        if later.len() < count {
            return Err(format!("{cases} stays have {} entries after the first", later.len()).into());
        }
        let opening = append(format!("{name}-apning"), first)?;
        let appends = later.into_iter().take(count).zip(0..);
        let appends = appends.map(|(entry, number)| append(format!("{name}-{number}"), vec![entry]));
        Ok(Self { opening, appends: appends.collect::<Result<_, _>>()? })
    }
}

fn cases_of(name: &str, cases: usize) -> Result<Vec<Vec<Entry>>, Trouble> {
    let stays = stays::made(u32::try_from(cases * MADE_FOR_EACH)?, SEED);
    let mut entries: Vec<Vec<Entry>> = Vec::new();
    let mut row = 0;
    while row < stays.case.len() && entries.len() < cases {
        let length = stays.case[row..].iter().take_while(|case| **case == stays.case[row]).count();
        if length >= ENTRIES_MIN {
            let named = (row..row + length).map(|row| {
                let entry = stays.entry(row);
                Entry { case: format!("{name}-{}", entry.case), ..entry }
            });
            entries.push(named.collect());
        }
        row += length;
    }
    if entries.len() < cases { Err("too few stays have enough entries".into()) } else { Ok(entries) }
}

fn append(key: String, entries: Vec<Entry>) -> Result<Append, Trouble> {
    let recorded = entries.iter().filter_map(|entry| entry.recorded).max().unwrap_or_default();
    Ok(Append { key: AppendKey::new(key)?, recorded, entries })
}

/// The log that one client writes to.
pub fn log(number: usize) -> Result<CommunityId, Trouble> {
    Ok(CommunityId::new(format!("logg-{number}"))?)
}

/// The projections by the agreement on stays.
pub fn projections() -> Result<Projections, Trouble> {
    let folder = rules::project().join(stays::AGREEMENT);
    Ok(Projections::new(Agreements::find(&[folder.display().to_string()])?))
}

/// How a store is opened that is measured.
pub fn options(derived: Derived, connections_max: u32) -> Result<Options, Trouble> {
    let projections = match derived {
        Derived::Kept => projections()?.all(),
        Derived::Nothing => Vec::new(),
    };
    let wait = std::time::Duration::from_secs(120);
    Ok(Options { projections, connections_max, wait, ..Options::default() })
}

/// Opens a store in a file.
pub async fn opened(path: &Path, derived: Derived) -> Result<Store, Trouble> {
    Ok(Store::open(&Place::file(path), options(derived, 1)?).await?)
}
