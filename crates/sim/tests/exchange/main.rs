//! Parties, nodes, a line and faults, from a seed: what must hold, holds.
#![expect(clippy::print_stdout, reason = "figures of a run are shown")]

#[cfg(test)]
mod broken;
#[cfg(test)]
mod seeds;
