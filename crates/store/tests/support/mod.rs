//! Databases to test on.

pub(crate) mod postgres;

use std::io::Write;

/// Says something that people shall see although the test passes.
pub(crate) fn tell(text: &str) {
    // Where standard error is closed, nobody listens.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
