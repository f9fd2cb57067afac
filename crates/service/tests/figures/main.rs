//! Figures: what is hidden can't be worked out, and proposals are checked line by line.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod hiding;
mod part;
mod proposals;
