//! What people do with stays beside the log: how far they have read, and who has taken what on.
#![expect(clippy::unused_async, reason = "the store of people answers in its own time")]

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Frame;
use crate::{App, Refused};

/// Somebody who has taken a duty on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) account: String,
    pub(super) name: String,
}

/// Who has taken which duties on, by case and duty.
pub(super) type Given = BTreeMap<(String, String), Taken>;

/// Somebody who looked at a stay.
#[derive(Clone, Debug)]
pub(super) struct Looked {
    pub(super) at: Timestamp,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) what: String,
}

pub(super) async fn seen(_app: &App, _frame: &Frame) -> Result<BTreeMap<String, u64>, Refused> {
    Ok(BTreeMap::new())
}

pub(super) async fn mark_seen(
    _app: &App,
    _frame: &Frame,
    _case: &str,
    _position: u64,
) -> Result<(), Refused> {
    Ok(())
}

pub(super) async fn given(_app: &App) -> Result<Given, Refused> {
    Ok(Given::new())
}

pub(super) async fn give(
    _app: &App,
    _frame: &Frame,
    _what: (String, String),
    _to: (String, String),
) -> Result<(), Refused> {
    Ok(())
}

pub(super) async fn let_go(_app: &App, _case: &str, _duty: &str) -> Result<(), Refused> {
    Ok(())
}

pub(super) async fn colleagues(_app: &App, frame: &Frame) -> Result<Vec<(String, String)>, Refused> {
    let subject = frame.subject();
    Ok(vec![(subject.account.clone(), subject.name.clone())])
}

pub(super) async fn lookers(_app: &App, _frame: &Frame, _case: &str) -> Result<Vec<Looked>, Refused> {
    Ok(Vec::new())
}
