//! What Samspill does: use cases over the engine, the formats and the store.
//!
//! What is decided here is pure: time, settings and what is known already are arguments. What must hang together is then written
//! in one transaction of the store.

pub mod access;
pub mod addresses;
pub mod audit;
pub mod casework;
pub mod downtime;
pub mod exchange;
pub mod figures;
pub mod live;
pub mod notices;
pub mod people;
pub mod projections;
pub mod proposals;
pub mod templates;
