//! Messages in and out: receipts, what a message means for the log of a stay, and which stay it belongs to; and the mailroom, which
//! keeps them and sends them.

pub mod astray;
pub mod compare;
pub mod mailroom;
pub mod meaning;
pub mod monitor;
pub mod receipts;
pub mod wording;
