//! XML as a tree: what is read, what is refused, and that nothing is lost.

mod hostile;
mod names;
mod peer;
mod reading;
mod writing;
