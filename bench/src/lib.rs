//! What the benchmarks share: how a side talks with the runner, rows on disk, agreements, and verdicts as bytes.
//!
//! A *side* is a program that is measured: ours or a peer. `run`, the runner, starts the sides of a goal, lets them take
//! turns, and prints a time only after their verdicts were the same, byte for byte.

pub mod appends;
pub mod fines;
pub mod latency;
pub mod made_fines;
pub mod memory;
pub mod random;
pub mod rows;
pub mod rules;
pub mod side;
pub mod stays;

/// Whatever went wrong, in words.
pub type Trouble = Box<dyn std::error::Error>;
