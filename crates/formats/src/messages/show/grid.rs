//! Tables that senders write in texts, with cells over several columns and rows, as plain rows of equal length.

use super::blocks::{Cell, Rich};

/// More places than this aren't laid out in columns.
const PLACES_MAX: usize = 20_000;

/// Rows of equal length. A cell that takes several places stands in the first of them; the others are empty. `None` if the table
/// would have too many places.
pub(super) fn unfolded(rows: &[Vec<Cell>]) -> Option<Vec<Vec<Vec<Rich>>>> {
    let widest =
        rows.iter().map(|row| row.iter().map(|cell| cell.columns).sum::<usize>()).max().unwrap_or_default();
    if widest.saturating_mul(rows.len()) > PLACES_MAX {
        return None;
    }
    let mut taken: Vec<usize> = Vec::new();
    let mut all: Vec<Vec<Vec<Rich>>> = rows.iter().map(|row| unfolded_row(row, &mut taken)).collect();
    let longest = all.iter().map(Vec::len).max().unwrap_or_default();
    for row in &mut all {
        row.resize(longest, Vec::new());
    }
    Some(all)
}

/// One row; `taken` says for each column how many rows more a cell above it takes.
fn unfolded_row(row: &[Cell], taken: &mut Vec<usize>) -> Vec<Vec<Rich>> {
    let mut cells: Vec<Vec<Rich>> = Vec::new();
    for cell in row {
        skip_taken(&mut cells, taken);
        for place in 0..cell.columns {
            if taken.len() <= cells.len() {
                taken.resize(cells.len() + 1, 0);
            }
            taken[cells.len()] = cell.rows - 1;
            cells.push(if place == 0 { cell.content.clone() } else { Vec::new() });
        }
    }
    skip_taken(&mut cells, taken);
    for left in taken.iter_mut().skip(cells.len()) {
        *left = left.saturating_sub(1);
    }
    cells
}

fn skip_taken(cells: &mut Vec<Vec<Rich>>, taken: &mut [usize]) {
    while let Some(left) = taken.get_mut(cells.len()).filter(|left| **left > 0) {
        *left -= 1;
        cells.push(Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::show::blocks::{CellKind, in_one_line};

    fn cell(text: &str, columns: usize, rows: usize) -> Cell {
        Cell { kind: CellKind::Data, columns, rows, content: vec![Rich::line(text)] }
    }

    #[test]
    fn cells_over_several_places_keep_the_others_in_their_columns() {
        let grid = vec![
            vec![cell("a", 1, 2), cell("b", 2, 1), cell("c", 1, 1)],
            vec![cell("d", 1, 1), cell("e", 1, 1), cell("f", 1, 1)],
            vec![cell("g", 1, 1)],
        ];
        let rows: Vec<Vec<String>> = unfolded(&grid)
            .unwrap()
            .iter()
            .map(|row| row.iter().map(|cell| in_one_line(cell)).collect())
            .collect();
        assert_eq!(rows, [["a", "b", "", "c"], ["", "d", "e", "f"], ["g", "", "", ""]]);
    }
}
