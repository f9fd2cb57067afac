//! Shapes: what of a case settles everything about it but times.
//!
//! The shape of a case is the classes of its entries in order, and which of them share an instant. Cases walk to their shapes
//! through a table, an entry at a time.

use std::ops::Range;

use samspill_base::Columns;

use super::{
    bind::Binding,
    classes::{Classes, Telling},
    code::Code,
    plan::can_plan,
    rows::CaseRows,
};

/// Plans that are remembered at the most; cases of other shapes are read the general way.
const PLANS_MAX: usize = 1 << 14;

/// Places in the table at the most: 16 MB of it.
const TABLE_MAX: usize = 4 << 20;

/// A log whose cases have shapes.
#[derive(Debug)]
pub(crate) struct Shaper<'b> {
    classes: Classes<'b>,
    happened: &'b [i64],
    /// From and until when the rules hold and calendars reach; the end is not in it.
    reach: (i64, i64),
}

impl<'b> Shaper<'b> {
    /// The shapes of a log, if its rules can be planned and nothing in it stands in the way.
    pub(crate) fn of(
        code: &Code,
        binding: &Binding<'_>,
        columns: &'b Columns,
        telling: Telling,
    ) -> Option<Self> {
        let has_more = !columns.recorded.is_empty() || !columns.as_of.is_empty();
        if has_more || !can_plan(code) || !columns.position.is_sorted() {
            return None;
        }
        let (in_force, covered) = (code.versions[0].in_force, code.covered);
        let reach = (in_force.0.max(covered.0), in_force.1.min(covered.1));
        let classes = Classes::of(code, binding, columns, telling)?;
        Some(Self { classes, happened: &columns.happened, reach })
    }

    /// Whether the entry comes after the as-of instant, and isn't known before it happens.
    fn is_unknown(&self, row: usize, as_of: i64) -> bool {
        self.happened[row] > as_of && !self.classes.is_foreknown(row)
    }
}

/// The shape of a case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Its row in the table.
    number: u32,
    /// How many entries are known: the first ones.
    pub known: usize,
}

/// Where walking through a case's entries led.
enum Walk {
    To(Shape),
    /// To this shape, and on by a class that wasn't met there before, by the entry with this number.
    Unmet(u32, usize, usize),
    /// The case has no shape.
    Nowhere,
}

/// The shapes met so far, and what is planned for each.
#[derive(Debug)]
pub(crate) struct Shapes<P> {
    window: Window,
    table: Table,
    /// By shape, the number of its plan, from 1 on.
    planned: Vec<u32>,
    plans: Vec<P>,
}

/// The way from shape to shape.
///
/// A row holds the next shape for each class met; in place of a class not met yet stands 0, and in place of a shape too.
/// Shapes are counted from 1, which is the one without entries.
#[derive(Debug)]
struct Table {
    /// By class, twice: apart from the entry before, and at its instant.
    classes: Vec<u16>,
    classes_met: u16,
    /// Places in a row: two to this power.
    width_log2: u32,
    next: Vec<u32>,
}

/// The shape without entries.
const EMPTY: u32 = 1;

impl<P> Shapes<P> {
    pub(crate) fn new(shaper: Option<&Shaper<'_>>) -> Self {
        const WIDTH_LOG2: u32 = 4;
        let table = Table {
            classes: vec![0; shaper.map_or(0, |shaper| 2 * shaper.classes.len())],
            classes_met: 0,
            width_log2: WIDTH_LOG2,
            next: vec![0; 2 << WIDTH_LOG2],
        };
        Self { window: Window::default(), table, planned: Vec::new(), plans: Vec::new() }
    }

    /// How many plans there are.
    pub(crate) fn len(&self) -> usize {
        self.plans.len()
    }

    /// What is planned for a shape, if it was met before.
    #[inline]
    pub(crate) fn plan(&self, shape: Shape) -> Option<&P> {
        let place = self.planned.get(shape.number as usize)?;
        self.plans.get((*place as usize).wrapping_sub(1))
    }

    /// Whether there is room for a plan.
    pub(crate) fn has_room(&self) -> bool {
        self.plans.len() < PLANS_MAX
    }

    /// Remembers a plan.
    pub(crate) fn add(&mut self, shape: Shape, plan: P) {
        self.plans.push(plan);
        if self.planned.len() <= shape.number as usize {
            self.planned.resize(shape.number as usize + 1, 0);
        }
        self.planned[shape.number as usize] = u32::try_from(self.plans.len()).unwrap_or(0);
    }

    /// The shape of a case; none where its entries don't stand in the order of time, or something in it isn't part of any
    /// shape, or there is no room.
    #[inline]
    pub(crate) fn of_case(&mut self, shaper: &Shaper<'_>, rows: &CaseRows<'_>, as_of: i64) -> Option<Shape> {
        loop {
            let walked = match rows {
                CaseRows::Together(rows) => {
                    let classes = self.window.of_rows(&shaper.classes, rows);
                    let times = shaper.happened[rows.clone()].iter().copied();
                    self.table.walk(&classes[..rows.len()], times, shaper.reach, as_of)
                }
                CaseRows::Apart(rows) => {
                    let classes = self.window.of_each(&shaper.classes, rows);
                    let times = rows.iter().map(|row| shaper.happened[*row as usize]);
                    self.table.walk(classes, times, shaper.reach, as_of)
                }
            };
            match walked {
                Walk::To(shape) if shape.known == rows.len() => return Some(shape),
                Walk::To(shape) => {
                    let mut rest = rows.iter().skip(shape.known);
                    return rest.all(|row| shaper.is_unknown(row, as_of)).then_some(shape);
                }
                Walk::Unmet(before, class, entry) => {
                    if !shaper.classes.is_plain(rows.row(entry)) {
                        return None;
                    }
                    self.table.meet(before, class)?;
                }
                Walk::Nowhere => return None,
            }
        }
    }
}

/// Rows whose classes are worked out together, where cases are read one after another.
const WINDOW: usize = 2048;

/// The classes of some rows.
#[derive(Debug, Default)]
struct Window {
    start: usize,
    classes: Vec<u16>,
}

impl Window {
    /// The classes from the first of these rows on.
    #[inline]
    fn of_rows(&mut self, classes: &Classes<'_>, rows: &Range<usize>) -> &[u16] {
        let end = self.start + self.classes.len();
        if rows.start < self.start || rows.end > end {
            let is_next = (self.start..=end).contains(&rows.start);
            let ahead = if is_next { rows.start + WINDOW } else { rows.end };
            self.start = rows.start;
            classes.fill(rows.start..ahead.min(classes.rows()).max(rows.end), &mut self.classes);
        }
        &self.classes[rows.start - self.start..]
    }

    /// The classes of rows that lie apart.
    fn of_each(&mut self, classes: &Classes<'_>, rows: &[u32]) -> &[u16] {
        self.start = 0;
        self.classes.clear();
        for row in rows {
            classes.append(*row as usize..*row as usize + 1, &mut self.classes);
        }
        &self.classes
    }
}

impl Table {
    /// Walks through the known entries as far as shapes were met.
    #[inline]
    fn walk(
        &self,
        classes: &[u16],
        times: impl Iterator<Item = i64>,
        (from, until): (i64, i64),
        as_of: i64,
    ) -> Walk {
        let (next, numbers) = (&self.next[..], &self.classes[..]);
        let mut last = from;
        let mut shape = Shape { number: EMPTY, known: 0 };
        for (class, at) in classes.iter().zip(times) {
            if at > as_of {
                break;
            }
            if at < last {
                return Walk::Nowhere;
            }
            let class = 2 * usize::from(*class) + usize::from(at == last);
            let place = (shape.number as usize) << self.width_log2 | usize::from(numbers[class]);
            if next[place] == 0 {
                return Walk::Unmet(shape.number, class, shape.known);
            }
            shape = Shape { number: next[place], known: shape.known + 1 };
            last = at;
        }
        if last < until { Walk::To(shape) } else { Walk::Nowhere }
    }

    /// Makes room for a shape that wasn't met before.
    #[cold]
    fn meet(&mut self, before: u32, class: usize) -> Option<()> {
        if self.next.len() + (2 << self.width_log2) > TABLE_MAX {
            return None;
        }
        if self.classes[class] == 0 {
            let met = self.classes_met.checked_add(1)?;
            if met >> self.width_log2 > 0 {
                self.widen()?;
            }
            (self.classes_met, self.classes[class]) = (met, met);
        }
        let number = u32::try_from(self.next.len() >> self.width_log2).ok()?;
        self.next.resize(self.next.len() + (1 << self.width_log2), 0);
        self.next[(before as usize) << self.width_log2 | usize::from(self.classes[class])] = number;
        Some(())
    }

    /// Makes rows twice as wide.
    fn widen(&mut self) -> Option<()> {
        if 2 * self.next.len() > TABLE_MAX {
            return None;
        }
        let width = 1 << self.width_log2;
        let mut next = vec![0; 2 * self.next.len()];
        for (row, old) in next.chunks_exact_mut(2 * width).zip(self.next.chunks_exact(width)) {
            row[..width].copy_from_slice(old);
        }
        self.next = next;
        self.width_log2 += 1;
        Some(())
    }
}
