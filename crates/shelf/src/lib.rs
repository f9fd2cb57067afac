//! Finds agreements and laws: on disk, or in the copies that are built into the program.
//!
//! A *shelf* is a folder that holds `agreements/`, `law/` and `vocabulary/`. An agreement on disk is read together
//! with the shelf that it stands in; one that stands alone, or that is named without a path, uses the built-in shelf.

mod built_in;
mod disk;
mod error;
mod finder;
mod shelf;

pub use error::ShelfError;
pub use finder::{Found, find, load_all, shipped};
pub use shelf::Shelf;
