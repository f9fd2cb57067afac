//! The seeds that agreements and logs grow from: a seed for each rule and each entry, so that failures lose whole
//! rules and entries first.

use proptest::{collection::vec, prelude::*};

use crate::tape::Seed;

/// A random agreement, before it is written.
#[derive(Clone, Debug)]
pub(crate) struct AgreementParts {
    pub versions: Vec<VersionParts>,
}

/// A random version: seeds of its rules.
#[derive(Clone, Debug)]
pub(crate) struct VersionParts {
    pub dates: Seed,
    /// Of its words, its calendar and its prices.
    pub head: Seed,
    pub phases: Vec<Seed>,
    pub duties: Vec<Seed>,
    pub requirements: Vec<Seed>,
    pub windows: Vec<Seed>,
    pub contents: Vec<Seed>,
    pub meters: Vec<Seed>,
}

/// A random log, before it is written.
#[derive(Clone, Debug)]
pub(crate) struct LogParts {
    pub head: Seed,
    pub entries: Vec<Seed>,
}

/// Any agreement with one to three versions.
pub(crate) fn agreements() -> impl Strategy<Value = AgreementParts> {
    vec(version(), 1..=3).prop_map(|versions| AgreementParts { versions })
}

fn version() -> impl Strategy<Value = VersionParts> {
    let rules = |most: usize| vec(seed(64), 0..=most);
    let duties = prop_oneof![1 => vec(seed(64), 0..=1), 8 => vec(seed(64), 2..=4)];
    (seed(4), seed(96), rules(2), duties, rules(2), rules(2), rules(2), rules(2)).prop_map(
        |(dates, head, phases, duties, requirements, windows, contents, meters)| VersionParts {
            dates,
            head,
            phases,
            duties,
            requirements,
            windows,
            contents,
            meters,
        },
    )
}

/// So many logs, most of them short.
pub(crate) fn logs(count: usize) -> impl Strategy<Value = Vec<LogParts>> {
    let entries = prop_oneof![
        30 => vec(seed(28), 0..=14),
        1 => vec(seed(28), 40..=60),
    ];
    let log = (seed(12), entries).prop_map(|(head, entries)| LogParts { head, entries });
    vec(log, 1..=count)
}

fn seed(most: usize) -> impl Strategy<Value = Seed> {
    vec(any::<u8>(), most..=most)
}
