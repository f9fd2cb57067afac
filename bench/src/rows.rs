//! Rows on disk: a file for each column, the bytes of its numbers one after another, smallest byte first.

use std::{fs, path::Path};

use samspill_base::Columns;

use crate::Trouble;

/// A log as three columns: what both sides of a goal start from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The case of each row, from 0 on.
    pub case: Vec<u32>,
    /// The kind of each row: a number of `kinds`.
    pub kind: Vec<u8>,
    /// When it happened, in nanoseconds since 1970.
    pub at: Vec<i64>,
    /// What the kinds are called in the log.
    pub kinds: Vec<String>,
}

impl Rows {
    /// Reads them from a folder.
    pub fn read(folder: &Path) -> Result<Self, Trouble> {
        Ok(Self {
            case: read_u32(&folder.join("case.u32"))?,
            kind: fs::read(folder.join("kind.u8"))?,
            at: read_i64(&folder.join("at.i64"))?,
            kinds: fs::read_to_string(folder.join("kinds.txt"))?.lines().map(str::to_owned).collect(),
        })
    }

    /// Writes them to a folder.
    pub fn write(&self, folder: &Path) -> Result<(), Trouble> {
        fs::create_dir_all(folder)?;
        write_u32(&folder.join("case.u32"), &self.case)?;
        fs::write(folder.join("kind.u8"), &self.kind)?;
        write_i64(&folder.join("at.i64"), &self.at)?;
        fs::write(folder.join("kinds.txt"), self.kinds.join("\n") + "\n")?;
        Ok(())
    }

    /// How many cases there are. They are numbered without gaps.
    pub fn cases(&self) -> u32 {
        self.case.iter().max().map_or(0, |last| last + 1)
    }

    /// As columns, so many times over, each time with new cases.
    pub fn times(&self, times: u32) -> Columns {
        let cases = self.cases();
        let mut columns = Columns::default();
        for kind in &self.kinds {
            columns.kinds.push(kind);
        }
        for round in 0..times {
            columns.case.extend(self.case.iter().map(|case| round * cases + case));
            columns.kind.extend(self.kind.iter().map(|kind| u32::from(*kind)));
            columns.happened.extend(&self.at);
        }
        for case in 0..times * cases {
            columns.cases.push(&case_name(case));
        }
        columns
    }
}

/// What a case of repeated rows is called.
pub fn case_name(case: u32) -> String {
    format!("S{case}")
}

/// A column of 32-bit numbers.
pub fn read_u32(path: &Path) -> Result<Vec<u32>, Trouble> {
    Ok(fs::read(path)?.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
}

/// A column of signed 32-bit numbers.
pub fn read_i32(path: &Path) -> Result<Vec<i32>, Trouble> {
    Ok(fs::read(path)?.as_chunks().0.iter().map(|bytes| i32::from_le_bytes(*bytes)).collect())
}

/// A column of signed 64-bit numbers.
pub fn read_i64(path: &Path) -> Result<Vec<i64>, Trouble> {
    Ok(fs::read(path)?.as_chunks().0.iter().map(|bytes| i64::from_le_bytes(*bytes)).collect())
}

/// Writes a column of 32-bit numbers.
pub fn write_u32(path: &Path, column: &[u32]) -> Result<(), Trouble> {
    Ok(fs::write(path, column.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>())?)
}

/// Writes a column of signed 32-bit numbers.
pub fn write_i32(path: &Path, column: &[i32]) -> Result<(), Trouble> {
    Ok(fs::write(path, column.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>())?)
}

/// Writes a column of signed 64-bit numbers.
pub fn write_i64(path: &Path, column: &[i64]) -> Result<(), Trouble> {
    Ok(fs::write(path, column.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>())?)
}

/// Rows in the order of time, so many times over: at the same instant in the order of the log.
pub fn in_order_of_time(rows: &Rows, times: u32) -> Vec<(i64, u32, u8)> {
    let cases = rows.cases();
    let repeated = (0..times).flat_map(|round| {
        let row = move |((case, kind), at): ((&u32, &u8), &i64)| (*at, round * cases + case, *kind);
        rows.case.iter().zip(&rows.kind).zip(&rows.at).map(row)
    });
    let mut ordered: Vec<(i64, u32, u8)> = repeated.collect();
    ordered.sort_by_key(|row| row.0);
    ordered
}
