//! What the engine promises, rule by rule.

mod as_of;
mod cancel;
mod conditions;
mod contents;
mod duties;
mod limits;
mod meters;
mod support;
mod versions;
