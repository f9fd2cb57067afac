//! The calendar from outside, on Norwegian holidays written as test data.

#![expect(clippy::unwrap_used, reason = "everything here is a test, helpers too")]

mod clocks;
mod holidays;
mod minutes;
mod nanos;
mod norway;
mod numbered_days;
mod windows;
mod working_days;
