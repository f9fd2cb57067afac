//! Everything that the crate promises, in one program.
#![expect(
    clippy::disallowed_methods,
    reason = "tests read and write their own data; the crate itself is pure"
)]

#[cfg(test)]
mod cases;
#[cfg(test)]
mod common;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod grammar;
#[cfg(test)]
mod loading;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod robust;
