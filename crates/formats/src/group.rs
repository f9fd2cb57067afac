use std::collections::BTreeMap;

use samspill_base::CaseLog;

use crate::{Item, ReadError, ReadTrouble};

/// A whole log in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupedLog {
    /// Its cases, in the order in which they first appear.
    pub cases: Vec<CaseLog>,
    /// What isn't as it should be in it, in the order of the log.
    pub troubles: Vec<ReadTrouble>,
}

/// Reads a whole log into memory and gathers the entries of each case, in any format.
///
/// # Errors
/// The first [`ReadError`] of `items`; what was read before it is lost.
pub fn group_all(items: impl IntoIterator<Item = Result<Item, ReadError>>) -> Result<GroupedLog, ReadError> {
    let mut grouped = GroupedLog::default();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for item in items {
        match item? {
            Item::Entry(entry) => {
                let place = places.get(&entry.case).copied().unwrap_or_else(|| {
                    grouped.cases.push(CaseLog { case: entry.case.clone(), entries: Vec::new() });
                    places.insert(entry.case.clone(), grouped.cases.len() - 1);
                    grouped.cases.len() - 1
                });
                grouped.cases[place].entries.push(entry);
            }
            Item::CaseEnd(_) => {}
            Item::Trouble(trouble) => grouped.troubles.push(trouble),
        }
    }
    Ok(grouped)
}

/// How many entries each case of a log has: the outcome of a first pass, which holds nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseCounts {
    counts: BTreeMap<String, u64>,
}

impl CaseCounts {
    /// Counts the entries of a log. Troubles are passed over: the second pass meets them again.
    pub fn of(items: impl IntoIterator<Item = Result<Item, ReadError>>) -> Result<Self, ReadError> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for item in items {
            let Item::Entry(entry) = item? else { continue };
            match counts.get_mut(&entry.case) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(entry.case, 1);
                }
            }
        }
        Ok(Self { counts })
    }

    /// How many cases there are.
    pub fn cases(&self) -> usize {
        self.counts.len()
    }

    /// How many entries there are.
    pub fn entries(&self) -> u64 {
        self.counts.values().sum()
    }
}

/// What [`Groups`] yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupItem {
    /// A case with all its entries.
    Case(CaseLog),
    /// Something that isn't as it should be.
    Trouble(ReadTrouble),
}

/// Complete cases, each as soon as its last entry has been read. Made by [`group_streaming`] and [`group_by_trace`].
#[derive(Debug)]
pub struct Groups<I> {
    items: I,
    plan: Plan,
    open: BTreeMap<String, CaseLog>,
    ended: bool,
}

#[derive(Debug)]
enum Plan {
    /// How many entries of each case are still to come.
    Counted(BTreeMap<String, u64>),
    /// The format says when a case is complete.
    ByTrace,
}

/// Gathers cases from a second pass over a log whose entries were counted in the first.
///
/// Memory holds the cases that have begun and not ended, and the counts. Cases come in the order in which they end. A
/// case that has more entries than were counted is [`ReadError::Changed`]; one that has fewer comes at the end of the
/// log with those it has.
pub fn group_streaming<I: Iterator<Item = Result<Item, ReadError>>>(
    items: I,
    counts: CaseCounts,
) -> Groups<I> {
    Groups { items, plan: Plan::Counted(counts.counts), open: BTreeMap::new(), ended: false }
}

/// Gathers cases from a format that keeps them together (XES), in one pass. Memory holds one case.
///
/// Where the format doesn't say when a case ends, all come at the end of the log, in the order of their names. A trace
/// without entries is a case without entries. Two traces of one name are two cases.
pub fn group_by_trace<I: Iterator<Item = Result<Item, ReadError>>>(items: I) -> Groups<I> {
    Groups { items, plan: Plan::ByTrace, open: BTreeMap::new(), ended: false }
}

impl<I: Iterator<Item = Result<Item, ReadError>>> Groups<I> {
    /// Takes an item in; what is complete comes out.
    fn take_in(&mut self, item: Item) -> Result<Option<GroupItem>, ReadError> {
        match item {
            Item::Trouble(trouble) => Ok(Some(GroupItem::Trouble(trouble))),
            Item::CaseEnd(case) => Ok(match self.plan {
                Plan::ByTrace => Some(GroupItem::Case(
                    self.open.remove(&case).unwrap_or(CaseLog { case, entries: Vec::new() }),
                )),
                Plan::Counted(_) => None,
            }),
            Item::Entry(entry) => {
                let complete = match &mut self.plan {
                    Plan::ByTrace => false,
                    Plan::Counted(left) => match left.get_mut(&entry.case) {
                        Some(count) if *count > 0 => {
                            *count -= 1;
                            *count == 0
                        }
                        Some(_) | None => return Err(ReadError::Changed { case: entry.case }),
                    },
                };
                if let Some(log) = self.open.get_mut(&entry.case) {
                    if !complete {
                        log.entries.push(entry);
                        return Ok(None);
                    }
                    let mut log = self.open.remove(&entry.case).unwrap_or_default();
                    log.entries.push(entry);
                    return Ok(Some(GroupItem::Case(log)));
                }
                let log = CaseLog { case: entry.case.clone(), entries: vec![entry] };
                if complete {
                    return Ok(Some(GroupItem::Case(log)));
                }
                self.open.insert(log.case.clone(), log);
                Ok(None)
            }
        }
    }
}

impl<I: Iterator<Item = Result<Item, ReadError>>> Iterator for Groups<I> {
    type Item = Result<GroupItem, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let taken = match self.items.next() {
                None => {
                    self.ended = true;
                    break;
                }
                Some(item) => item.and_then(|item| self.take_in(item)),
            };
            self.ended = taken.is_err();
            if let Some(out) = taken.transpose() {
                if self.ended {
                    self.open.clear();
                }
                return Some(out);
            }
        }
        self.open.pop_first().map(|(_, log)| Ok(GroupItem::Case(log)))
    }
}
