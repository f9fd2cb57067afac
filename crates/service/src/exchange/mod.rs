//! Messages in and out: receipts, what a message means for the log of a stay, and which stay it belongs to.

pub mod meaning;
pub mod receipts;
