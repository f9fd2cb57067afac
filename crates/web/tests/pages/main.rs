//! The pages: whole for every role, safe with hostile text, and the same with and without scripts.

#[path = "../support/mod.rs"]
mod support;

mod board;
mod frame;
mod hostile;
mod many;
mod search;
mod stay;
mod tasks;
mod undo;
mod well_formed;
