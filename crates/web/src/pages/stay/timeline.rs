//! The timeline of a stay as a drawing: two lanes, messages as arrows between them, duties as bars that fill, and now.
//!
//! All of it also stands in lists beside it; the drawing is for the eye.

use jiff::Timestamp;
use samspill_engine::{DutyStatus, Evaluation};

use super::{
    read::{Side, StayView, Step},
    scale::Scale,
};
use crate::pages::Clock;

/// Measures of the drawing.
const LEFT: i64 = 118;
const RIGHT: i64 = 60;
const WIDTH_MIN: i64 = 780;
const HOSPITAL_Y: i64 = 66;
const MUNICIPALITY_Y: i64 = 156;
const BARS_Y: i64 = 206;
const BAR_ROW: i64 = 34;
/// Points for a letter of a label, somewhat more than most are wide.
const LETTER: i64 = 7;
/// Points between labels of days.
const DAY_GAP: i64 = 64;

/// The drawing.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) lanes: Vec<Lane>,
    pub(super) days: Vec<Day>,
    pub(super) marks: Vec<Mark>,
    pub(super) bars: Vec<Bar>,
    pub(super) now: Option<i64>,
    pub(super) left: i64,
    pub(super) right: i64,
    pub(super) bottom: i64,
}

/// A lane.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) y: i64,
    pub(super) side: Side,
}

/// The beginning of a day.
#[derive(Debug)]
pub(super) struct Day {
    pub(super) x: i64,
    /// Empty where there is no room for it.
    pub(super) label: String,
}

/// A message or an event.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) x: i64,
    pub(super) y: i64,
    /// Where its arrow ends; none of an event.
    pub(super) to: Option<(i64, i64)>,
    /// Its number in the list.
    pub(super) number: usize,
    pub(super) label: String,
    pub(super) class: &'static str,
    /// Whether its message didn't get through: then a sign beside it says so.
    pub(super) is_lost: bool,
}

/// A duty.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    /// How much of it is filled.
    pub(super) filled: i64,
    /// How far beyond its limit it goes on.
    pub(super) over: i64,
    pub(super) label_x: i64,
    pub(super) anchor: &'static str,
    pub(super) label: String,
    pub(super) symbol: &'static str,
    pub(super) title: String,
    pub(super) status: &'static str,
}

/// A bar before it has a row: from, limit, and end of what is drawn.
struct Span {
    from: i64,
    limit: i64,
    end: i64,
}

impl Drawing {
    /// Draws a stay as it stands.
    pub(super) fn of(stay: &StayView, evaluation: &Evaluation, clock: &Clock) -> Self {
        let now = clock.now();
        let scale = Scale::new(instants(stay, evaluation, now), LEFT, WIDTH_MIN);
        let Some((first, last)) = scale.ends() else { return Self::default() };
        let bars = bars(stay, &scale, now);
        let rows = bars.iter().map(|bar| bar.y).max().map_or(0, |y| (y - BARS_Y) / BAR_ROW + 1);
        let bottom = BARS_Y + rows * BAR_ROW;
        Self {
            width: scale.right() + RIGHT,
            height: bottom + 14,
            lanes: vec![
                Lane { y: HOSPITAL_Y, side: Side::Hospital },
                Lane { y: MUNICIPALITY_Y, side: Side::Municipality },
            ],
            days: days(&scale, first, last, clock),
            marks: stay.steps.iter().map(|step| mark(step, &scale)).collect(),
            bars,
            now: (now >= first).then(|| scale.x(now)),
            left: LEFT,
            right: scale.right() + RIGHT / 2,
            bottom,
        }
    }
}

/// What the scale gives room to. A limit far ahead counts, one that isn't known doesn't.
fn instants(stay: &StayView, evaluation: &Evaluation, now: Timestamp) -> Vec<Timestamp> {
    let steps = stay.steps.iter().flat_map(|step| [Some(step.at), step.received]);
    let duties = evaluation.duties.iter().flat_map(|duty| [Some(duty.triggered), duty.due.instant()]);
    let goes_on = stay.is_open.then_some(now);
    steps.chain(duties).chain([goes_on]).flatten().collect()
}

fn days(scale: &Scale, first: Timestamp, last: Timestamp, clock: &Clock) -> Vec<Day> {
    let mut days = Vec::new();
    let mut day = clock.date_of(first);
    let mut labelled = i64::MIN / 2;
    while let Ok(next) = day.tomorrow() {
        let Some(begins) = clock.midnight(next).filter(|begins| *begins <= last) else { break };
        day = next;
        let x = scale.x(begins);
        if x - labelled < 8 {
            continue;
        }
        let label = if x - labelled >= DAY_GAP { clock.day_label(day) } else { String::new() };
        if !label.is_empty() {
            labelled = x;
        }
        days.push(Day { x, label });
    }
    days
}

fn mark(step: &Step, scale: &Scale) -> Mark {
    let x = scale.x(step.at);
    let y = lane_y(step.side);
    let to = step.to.filter(|to| *to != step.side).map(|to| {
        let end = step.received.map_or(x, |received| scale.x(received));
        // A head of an arrow stops before the lane, so that the mark of an answer there can be seen.
        let y = if lane_y(to) > y { lane_y(to) - 5 } else { lane_y(to) + 5 };
        (end, y)
    });
    let class = match (step.is_message, step.is_set_aside, step.lost) {
        (_, _, Some(_)) => "s-mark s-mark-lost",
        (_, true, None) => "s-mark s-mark-aside",
        (true, false, None) => "s-mark s-mark-message",
        (false, false, None) => "s-mark s-mark-event",
    };
    let lost = step.lost.map(|(what, _)| format!(". {what}")).unwrap_or_default();
    let label = format!("{}. {}, {}{lost}", step.number, step.name, step.when);
    Mark { x, y, to, number: step.number, label, class, is_lost: step.lost.is_some() }
}

fn lane_y(side: Side) -> i64 {
    match side {
        Side::Hospital => HOSPITAL_Y,
        Side::Municipality => MUNICIPALITY_Y,
    }
}

/// The bars, each in the first row where neither bar nor label is in its way.
fn bars(stay: &StayView, scale: &Scale, now: Timestamp) -> Vec<Bar> {
    let mut rows: Vec<i64> = Vec::new();
    let mut drawn = Vec::new();
    let mut duties: Vec<_> = stay.duties.iter().collect();
    duties.sort_by_key(|duty| duty.triggered);
    for duty in duties {
        let from = scale.x(duty.triggered);
        let limit = duty.due_at.map_or_else(|| scale.x(now).max(from), |due| scale.x(due)).max(from + 4);
        let done = duty.ended.map(|at| scale.x(at));
        let end = done.unwrap_or_else(|| scale.x(now)).max(from);
        let span = Span { from, limit, end };
        let label_end = from + i64::try_from(duty.name.chars().count()).unwrap_or(40) * LETTER;
        let takes_to = limit.max(end).max(label_end) + 14;
        let row = rows.iter().position(|taken| *taken <= from - 4).unwrap_or(rows.len());
        if row == rows.len() {
            rows.push(takes_to);
        } else {
            rows[row] = takes_to;
        }
        let y = BARS_Y + i64::try_from(row).unwrap_or(0) * BAR_ROW;
        drawn.push(bar(duty, &span, y, scale.right() + RIGHT / 2));
    }
    drawn
}

fn bar(duty: &super::read::DutyView, span: &Span, y: i64, right: i64) -> Bar {
    let is_undone = matches!(duty.status, DutyStatus::Open | DutyStatus::Missed);
    let letters = i64::try_from(duty.name.chars().count()).unwrap_or(40) * LETTER;
    let fits = span.from + letters <= right;
    let over = if is_undone || duty.status == DutyStatus::Late { (span.end - span.limit).max(0) } else { 0 };
    Bar {
        x: span.from,
        y,
        width: span.limit - span.from,
        filled: (span.end.min(span.limit) - span.from).max(0),
        over,
        label_x: if fits { span.from } else { right },
        anchor: if fits { "start" } else { "end" },
        label: duty.name.clone(),
        symbol: duty.symbol(),
        title: format!("{}: {}. {}", duty.name, duty.status_words, duty.due),
        status: duty.status.as_str(),
    }
}
