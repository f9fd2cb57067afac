//! The compiled program says what the readable evaluator says: of random agreements and logs, and of the shipped ones.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "these tests read the shipped agreements and logs from the project's folders, and say what they skip"
)]

mod ablations;
mod clocks;
mod conditions;
mod coverage;
mod days;
mod edges;
mod files;
mod flat;
mod flat_agreements;
mod logs;
mod meters;
mod parts;
mod pauses;
mod plans;
mod random;
mod room;
mod rules;
mod same;
mod shapes;
mod shipped;
mod stays;
mod tape;
mod versions;
mod words;
