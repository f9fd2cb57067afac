//! Open cases that are watched: what they say at any time is what a reading of the whole log says.

#[path = "../program/conditions.rs"]
mod conditions;
#[path = "../program/days.rs"]
mod days;
#[path = "../program/logs.rs"]
mod logs;
#[path = "../program/meters.rs"]
mod meters;
#[path = "../program/parts.rs"]
mod parts;
#[path = "../program/rules.rs"]
mod rules;
#[path = "../program/tape.rs"]
mod tape;
#[path = "../program/versions.rs"]
mod versions;
#[path = "../program/words.rs"]
mod words;

mod closing;
mod orders;
mod plain;
mod small;
mod snapshots;
mod stated;
