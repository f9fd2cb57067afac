//! Messages in and out: which receipts they get.

pub mod receipts;
