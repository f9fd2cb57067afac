//! What of the board is asked for: filters, order and page, all in the address.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_service::{
    live::StayLine,
    projections::{DutyRow, PhaseRow},
};
use serde::Deserialize;

use crate::{
    Signed,
    pages::{link, sides::Sides},
};

/// The address' questions. What makes no sense is as if it weren't there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// A phase.
    pub(super) fase: String,
    /// A unit of a hospital.
    pub(super) enhet: String,
    /// A municipality.
    pub(super) kommune: String,
    /// `over`, `mine`, `nye`, `dogn` or `forsomt`.
    pub(super) vis: String,
    /// What was typed.
    pub(super) q: String,
    /// The order.
    pub(super) sorter: String,
    /// The page, from 1.
    pub(super) side: String,
    /// `vegg` for a screen on a wall.
    pub(super) visning: String,
}

impl Asked {
    /// The address of the board with these questions but for what was typed, and another page of it.
    pub(super) fn address(&self, page: usize) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        self.address_with(&[("side", &page)])
    }

    /// The same with some questions changed; the page is the first unless it is among them.
    pub(super) fn address_with(&self, changed: &[(&str, &str)]) -> String {
        let own = [
            ("vis", self.vis.as_str()),
            ("fase", &self.fase),
            ("enhet", &self.enhet),
            ("kommune", &self.kommune),
            ("sorter", &self.sorter),
            ("visning", &self.visning),
            ("side", ""),
        ];
        let find = |name| changed.iter().find(|(it, _)| *it == name).map(|(_, value)| *value);
        let asked = own.map(|(name, value)| (name, find(name).unwrap_or(value)));
        link::query("/tavle", &asked)
    }

    /// What goes with another choice of what is shown, as a form: what was typed, and the other questions. Nothing where nothing was typed:
    /// then an address says it all.
    pub(super) fn carried(&self) -> Vec<(&'static str, String)> {
        if self.q.trim().is_empty() {
            return Vec::new();
        }
        let all = [
            ("q", &self.q),
            ("fase", &self.fase),
            ("enhet", &self.enhet),
            ("kommune", &self.kommune),
            ("sorter", &self.sorter),
            ("visning", &self.visning),
        ];
        let said = all.into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| (name, value.clone())).collect()
    }

    /// The page, from 1.
    pub(super) fn page(&self) -> usize {
        self.side.parse().unwrap_or(1).max(1)
    }

    /// Whether anything narrows the list.
    pub(super) fn is_narrow(&self) -> bool {
        let all = [&self.fase, &self.enhet, &self.kommune, &self.vis, &self.q];
        all.iter().any(|asked| !asked.trim().is_empty())
    }
}

/// What a reader may see, and how it stands to each line.
#[derive(Debug)]
pub(super) struct Reader<'r> {
    pub(super) signed: &'r Signed,
    pub(super) sides: Sides<'r>,
    /// The reader's side in agreements.
    pub(super) side: Option<&'static str>,
    /// How far the reader has read each case.
    pub(super) seen: &'r BTreeMap<String, u64>,
    pub(super) now: Timestamp,
}

/// A line as it stands at an instant.
#[derive(Clone, Debug)]
pub(super) struct Standing<'l> {
    pub(super) line: &'l StayLine,
    /// The duty that presses most: the one longest overdue, or else the next.
    pub(super) pressing: Option<&'l DutyRow>,
    /// The phase that began last; of several, the first in the agreement.
    pub(super) phase: Option<&'l PhaseRow>,
    /// Duties past their limits.
    pub(super) overdue: usize,
    /// Whether the reader's side has something to do.
    pub(super) is_mine: bool,
    /// Whether anything has come since the reader looked.
    pub(super) is_new: bool,
    /// Days that count so far.
    pub(super) days: u32,
    /// Whether only what wasn't done in its time keeps it here.
    pub(super) is_left: bool,
}

impl Reader<'_> {
    /// How a line stands to the reader.
    pub(super) fn standing<'l>(&self, line: &'l StayLine) -> Standing<'l> {
        let row = &line.row;
        let overdue = row.overdue(self.now);
        let pressing = if overdue > 0 {
            row.undone.iter().find(|it| is_over(it, self.now))
        } else {
            row.next_duty(self.now)
        };
        let is_mine = row.undone.iter().any(|duty| Some(duty.holder.as_str()) == self.side);
        let is_new = self.seen.get(&row.case).is_none_or(|seen| *seen < line.last_position);
        let days = row.meters.iter().map(|meter| meter.count).sum();
        let is_left = line.is_left_over(self.now);
        Standing { line, pressing, phase: phase(&row.phases), overdue, is_mine, is_new, days, is_left }
    }

    /// Whether what was typed stands in a line: a name that may be shown, the case, a unit or a party. `named` are persons of that name.
    pub(super) fn holds(&self, line: &StayLine, typed: &str, named: &BTreeSet<String>) -> bool {
        let is_named = line.persons.iter().any(|person| named.contains(person));
        if is_named && self.signed.shown(&line.involvement).name {
            return true;
        }
        let own = std::iter::once(&line.row.case);
        let texts =
            own.chain(&line.involvement.parties).chain(line.involvement.units.iter().map(|(_, unit)| unit));
        let texts: Vec<String> = texts.map(|text| text.to_lowercase()).collect();
        typed.split_whitespace().all(|word| texts.iter().any(|text| text.contains(&word.to_lowercase())))
    }

    /// Whether a line is asked for.
    pub(super) fn takes(&self, stands: &Standing<'_>, asked: &Asked, named: &BTreeSet<String>) -> bool {
        let line = stands.line;
        let shows = match asked.vis.as_str() {
            // Whoever is looked for by name is found.
            "" if !asked.q.trim().is_empty() => true,
            vis => stands.is_among(vis),
        };
        let stay = &line.involvement;
        shows
            && (asked.fase.is_empty() || line.row.phases.iter().any(|phase| phase.phase == asked.fase))
            && (asked.enhet.is_empty() || self.sides.units(stay, "sykehus").any(|unit| unit == asked.enhet))
            && (asked.kommune.is_empty()
                || self.sides.parties(stay, "kommune").any(|town| town == asked.kommune))
            && (asked.q.trim().is_empty() || self.holds(line, &asked.q, named))
    }

    /// The municipalities of a line, as it says them.
    pub(super) fn towns(&self, line: &StayLine) -> String {
        self.sides.parties(&line.involvement, "kommune").collect::<Vec<_>>().join(", ")
    }

    /// The units of the hospital of a line, as it says them.
    pub(super) fn units(&self, line: &StayLine) -> String {
        self.sides.units(&line.involvement, "sykehus").collect::<Vec<_>>().join(", ")
    }

    /// Puts lines in the order that is asked for; where that is the same, what is overdue first and then by limit.
    pub(super) fn sort(&self, lines: &mut [Standing<'_>], order: &str) {
        lines.sort_by_cached_key(|it| {
            let limit = it.pressing.map(|duty| duty.due);
            (it.overdue == 0, limit.is_none(), limit, it.line.row.case.clone())
        });
        match order {
            "kommune" => {
                lines.sort_by_cached_key(|it| self.towns(it.line));
            }
            "enhet" => {
                lines.sort_by_cached_key(|it| self.units(it.line));
            }
            "fase" => lines.sort_by_cached_key(|it| it.phase.map(|phase| phase.phase.clone())),
            "dogn" => lines.sort_by_key(|it| std::cmp::Reverse(it.days)),
            "nyest" => lines.sort_by_key(|it| std::cmp::Reverse(it.line.last)),
            _ => {}
        }
    }
}

impl Standing<'_> {
    /// Whether it is among those that are chosen with this word. What is left over is by itself; what nobody has read, and days, count
    /// wherever they are.
    pub(super) fn is_among(&self, vis: &str) -> bool {
        match vis {
            "over" => !self.is_left && self.overdue > 0,
            "mine" => !self.is_left && self.is_mine,
            "nye" => self.is_new,
            "dogn" => self.days > 0,
            "forsomt" => self.is_left,
            _ => !self.is_left,
        }
    }
}

/// Whether a duty that is undone is past its limit. At the limit it isn't.
fn is_over(duty: &DutyRow, now: Timestamp) -> bool {
    duty.due.instant().is_some_and(|due| due < now)
}

fn phase(phases: &[PhaseRow]) -> Option<&PhaseRow> {
    let last = phases.iter().map(|phase| phase.from.at).max()?;
    phases.iter().find(|phase| phase.from.at == last)
}
