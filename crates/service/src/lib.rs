//! What Samspill does: use cases over the engine, the formats and the store.
//!
//! What is decided here is pure: time, settings and what is known already are arguments; doing it is for those who call.

pub mod exchange;
