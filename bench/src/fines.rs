//! The verdicts on fines as bytes: for each case one byte a duty, then one byte a requirement.

use jiff::Timestamp;
use samspill_base::Columns;
use samspill_batch::{Threads, read_sets};
use samspill_engine::{DutyStatus, program::Program};

/// The agreement on fines.
pub const AGREEMENT: &str = "examples/trafikkboter";

/// The instant as of which fines are read: the start of 1 July 2013 in Rome, after the last entry of the log.
pub fn as_of() -> Timestamp {
    Timestamp::constant(1_372_629_600, 0)
}

/// The bit of a status in a byte that is a set of them.
pub fn bit(status: DutyStatus) -> u8 {
    match status {
        DutyStatus::Kept => 1,
        DutyStatus::Late => 2,
        DutyStatus::Missed => 4,
        DutyStatus::Open => 8,
        DutyStatus::Waived => 16,
    }
}

/// The sets of verdicts on all cases: for each, one byte a duty and then one byte a requirement.
pub fn read_all(program: &Program, columns: &Columns, threads: Threads) -> Vec<u8> {
    read_sets(&program.bind(columns), program.sets().width(), as_of(), threads)
}
