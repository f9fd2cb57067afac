//! What people do in a stay: forms, plans, warnings and consequences, over the shipped agreements and a mailroom.

#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

mod acts;
mod forms;
mod once;
mod support;
mod way;
