//! Repeated elements as tables.

use std::collections::BTreeSet;

use super::blocks::{Block, Rich, Table, in_one_line};
use super::labels;
use super::left::Left;
use super::teller::Teller;
use crate::xml::El;

/// From this many columns on, what is the same in every row is told once above the table.
const COLUMNS_MANY: usize = 6;

/// With more columns than this, rows are told one by one.
const COLUMNS_MAX: usize = 20;

/// What a row has: labels with values, in the order written.
pub(super) type Fields = Vec<(String, Vec<Rich>)>;

impl Teller {
    /// Elements of one name as a table. `None` if there is one alone, no table is meant for them, or one of them holds more than
    /// fits in a row.
    pub(super) fn table(self, run: &[El<'_>], title: &str) -> Option<Vec<Block>> {
        let (first, others) = run.split_first()?;
        let order = labels::forms().tables.get(first.local()).filter(|_| !others.is_empty())?;
        if run.iter().any(|element| holds_repeated(*element)) {
            return None;
        }
        let (caption, rows) = self.rows(run)?;
        let order: Vec<String> = order.iter().map(|name| labels::of_name(name, self.language)).collect();
        let blocks = self.table_of(&caption, rows, &order);
        if caption == title { Some(blocks) } else { Some(vec![Block::Section { title: caption, blocks }]) }
    }

    /// A table of rows, its columns in this order and others after them.
    pub(super) fn table_of(self, caption: &str, rows: Vec<Fields>, order: &[String]) -> Vec<Block> {
        let mut columns = columns_of(&rows, order);
        if columns.len() > COLUMNS_MAX {
            return one_by_one(rows);
        }
        let mut rows: Vec<Vec<Vec<Rich>>> = rows.iter().map(|row| cells_of(row, &columns)).collect();
        let mut blocks = Vec::new();
        if columns.len() >= COLUMNS_MANY {
            let same = take_same(&mut columns, &mut rows);
            if !same.is_empty() {
                blocks.push(Block::Fact { label: self.word("same_for_all").to_owned(), value: same });
            }
        }
        blocks.push(Block::Table(Table { caption: caption.to_owned(), columns, rows }));
        blocks
    }

    /// The heading of the elements and what each has; `None` if they have different headings.
    fn rows(self, run: &[El<'_>]) -> Option<(String, Vec<Fields>)> {
        let mut caption: Option<String> = None;
        let mut rows = Vec::new();
        for element in run {
            let mut left = Left::of(*element);
            let title = match labels::title_of(*element) {
                Some(key) => in_one_line(&self.value(left.take(key)?)),
                None => self.label(*element),
            };
            if caption.get_or_insert_with(|| title.clone()) != &title {
                return None;
            }
            rows.push(fields(inner(&self.blocks(&left, &title)))?);
        }
        Some((caption?, rows))
    }
}

/// Whether parts that become a table lie in an element: a table in a row is never tried, or tries would double with each depth.
fn holds_repeated(element: El<'_>) -> bool {
    let mut before = None;
    element.children().any(|child| {
        let is_again = before.replace(child.name_id()) == Some(child.name_id());
        (is_again && labels::forms().tables.contains_key(child.local())) || holds_repeated(child)
    })
}

/// What is in a part that stands alone: its heading would be said in every column.
fn inner(blocks: &[Block]) -> &[Block] {
    match blocks {
        [Block::Section { blocks, .. }] => blocks,
        _ => blocks,
    }
}

/// Blocks as labels with values. `None` if there is a text or a table among them.
pub(super) fn fields(blocks: &[Block]) -> Option<Fields> {
    let mut all = Vec::new();
    for block in blocks {
        match block {
            Block::Fact { label, value } => all.push((label.clone(), value.clone())),
            Block::Section { title, blocks } => {
                all.extend(
                    fields(blocks)?.into_iter().map(|(label, value)| (format!("{title}: {label}"), value)),
                );
            }
            Block::Table(_) | Block::Prose(_) | Block::Note(_) => return None,
            Block::Gap => {}
        }
    }
    Some(all)
}

/// Rows as facts, a gap after each.
fn one_by_one(rows: Vec<Fields>) -> Vec<Block> {
    let facts =
        |row: Fields| row.into_iter().map(|(label, value)| Block::Fact { label, value }).chain([Block::Gap]);
    rows.into_iter().flat_map(facts).collect()
}

fn columns_of(rows: &[Fields], order: &[String]) -> Vec<String> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let labels = rows.iter().flatten().map(|(label, _)| label);
    let mut met: Vec<String> = labels.filter(|label| known.insert(label)).cloned().collect();
    let mut columns: Vec<String> = Vec::new();
    for label in order.iter().filter(|label| met.contains(label)) {
        if !columns.contains(label) {
            columns.push(label.clone());
        }
    }
    met.retain(|label| !columns.contains(label));
    columns.extend(met);
    columns
}

fn cells_of(row: &Fields, columns: &[String]) -> Vec<Vec<Rich>> {
    let cell = |column: &String| {
        row.iter().filter(|(label, _)| label == column).flat_map(|(_, value)| value.clone()).collect()
    };
    columns.iter().map(cell).collect()
}

/// Takes out the columns that have the same in every row, the first column left alone.
fn take_same(columns: &mut Vec<String>, rows: &mut [Vec<Vec<Rich>>]) -> Vec<Rich> {
    let mut same = Vec::new();
    for place in (1..columns.len()).rev() {
        let is_same = rows.windows(2).all(|pair| pair[0][place] == pair[1][place]);
        if rows.len() < 2 || !is_same {
            continue;
        }
        let label = columns.remove(place);
        let mut value = Vec::new();
        for row in rows.iter_mut() {
            value = row.remove(place);
        }
        same.push(Rich::line(format!("{label}: {}", in_one_line(&value))));
    }
    same.reverse();
    same
}
