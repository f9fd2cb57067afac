//! The compiled program says what the readable evaluator says: of random agreements and logs, and of the shipped ones.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "these tests read the shipped agreements and logs from the project's folders, and say what they skip"
)]

mod ablations;
mod conditions;
mod coverage;
mod days;
mod files;
mod logs;
mod meters;
mod parts;
mod random;
mod rules;
mod same;
mod shipped;
mod tape;
mod versions;
mod words;
