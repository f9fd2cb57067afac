//! What messages mean for the log of a stay.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

mod builder;
mod entry;
mod folder;
mod live;
mod matching;
mod reply;
mod sending;
mod status;
mod times;
