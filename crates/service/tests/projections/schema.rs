//! Rows that change for the same entries and files need another version.

use samspill_service::projections::{Projections, SCHEMA};
use sha2::{Digest, Sha256};

use crate::{
    made_up::stay,
    support::{SHIPPED, agreements},
};

/// The version, the agreement files, and the digest of the rows that these give for made-up stays.
///
/// Where the files changed, write the new digests of both. Where the rows alone did, raise [`SCHEMA`] as well: otherwise stores keep
/// rows that this program doesn't make.
const KNOWN: (u32, &str, &str) = (2, "7e6e566057662a30", "8dd4b862a40ed015");

#[test]
fn rows_are_those_of_this_version() {
    let projections = Projections::new(agreements(SHIPPED[0]));
    let mut rows = Sha256::new();
    for seed in 1..=30 {
        let log = stay(seed, 8);
        for projection in projections.all() {
            let part = projection.name().split('-').next().unwrap().to_owned();
            for (key, json) in projection.rows(&log) {
                rows.update(format!("{part} {key} {json}\n"));
            }
        }
    }
    let rows = rows.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    assert_eq!((SCHEMA, projections.agreements().digest().as_str(), rows.as_str()), KNOWN);
}
