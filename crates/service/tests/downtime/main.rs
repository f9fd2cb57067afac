//! Downtime: registered, shown beside duties, made up for afterwards, and worked through on paper.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]
#![expect(clippy::disallowed_methods, reason = "pages that somebody has read are files")]

mod after;
mod counted;
mod given;
mod listed;
mod paper;
mod periods;
mod ran;
mod registering;
