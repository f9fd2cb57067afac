use jiff::civil::Date;
use serde::Deserialize;

use super::{
    library::NotKept,
    table::{Code, Completeness, End, Table},
};

/// Why a file of codes can't be used. The files are part of the program, so that this is a mistake in the program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeFileError {
    /// The file isn't TOML, or has keys that mean nothing here.
    #[error("codes/{file}: {problem}")]
    Unreadable {
        /// The file's name.
        file: String,
        /// What the reader of TOML says.
        problem: String,
    },
    /// The OID doesn't end with the number.
    #[error("codes/{file}: the OID must end with .{number}")]
    OidOfAnotherTable {
        /// The file's name.
        file: String,
        /// The number.
        number: u32,
    },
    /// A value stands twice.
    #[error("codes/{file}: {value} stands twice: put both names under one, with also = [...]")]
    SameValueTwice {
        /// The file's name.
        file: String,
        /// The value.
        value: String,
    },
    /// A value or name is empty, or a code ends before it begins.
    #[error(
        "codes/{file}: {value:?} must have a value and a name, and its first day can't be after its last"
    )]
    BadCode {
        /// The file's name.
        file: String,
        /// The value.
        value: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    number: u32,
    oid: String,
    name: String,
    as_of: Date,
    source: String,
    complete: bool,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    code: Vec<CodeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeEntry {
    value: String,
    name: String,
    #[serde(default)]
    also: Vec<String>,
    from: Option<Date>,
    until: Option<Date>,
    #[serde(default)]
    withdrawn: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotKeptFile {
    table: Vec<NotKept>,
}

/// Reads a file with a table.
pub(super) fn read_table(file: &str, text: &str) -> Result<Table, CodeFileError> {
    let read: TableFile = parse(file, text)?;
    if !read.oid.ends_with(&format!(".{}", read.number)) {
        return Err(CodeFileError::OidOfAnotherTable { file: file.to_owned(), number: read.number });
    }
    Ok(Table {
        number: read.number,
        oid: read.oid,
        title: read.name,
        as_of: read.as_of,
        source: read.source,
        completeness: if read.complete { Completeness::Complete } else { Completeness::Partial },
        fields: read.fields,
        codes: sorted(file, read.code)?,
    })
}

/// Reads the file of tables that aren't kept; sorted by OID.
pub(super) fn read_not_kept(file: &str, text: &str) -> Result<Vec<NotKept>, CodeFileError> {
    let mut tables = parse::<NotKeptFile>(file, text)?.table;
    tables.sort_by(|a, b| a.oid.cmp(&b.oid));
    Ok(tables)
}

fn parse<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> Result<T, CodeFileError> {
    toml::from_str(text)
        .map_err(|error| CodeFileError::Unreadable { file: file.to_owned(), problem: error.to_string() })
}

fn sorted(file: &str, entries: Vec<CodeEntry>) -> Result<Vec<Code>, CodeFileError> {
    let mut codes = entries.into_iter().map(|entry| code(file, entry)).collect::<Result<Vec<_>, _>>()?;
    codes.sort_by(|a, b| a.value.cmp(&b.value));
    match codes.windows(2).find(|pair| pair[0].value == pair[1].value) {
        Some(pair) => {
            Err(CodeFileError::SameValueTwice { file: file.to_owned(), value: pair[0].value.clone() })
        }
        None => Ok(codes),
    }
}

fn code(file: &str, entry: CodeEntry) -> Result<Code, CodeFileError> {
    let backwards = matches!((entry.from, entry.until), (Some(from), Some(until)) if until < from);
    if entry.value.is_empty() || entry.name.trim().is_empty() || backwards {
        return Err(CodeFileError::BadCode { file: file.to_owned(), value: entry.value });
    }
    let end = match entry.until {
        Some(last) => End::LastDay(last),
        None if entry.withdrawn => End::DayUnknown,
        None => End::Open,
    };
    Ok(Code { value: entry.value, name: entry.name, also: entry.also, from: entry.from, end })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(code: &str) -> Result<Table, CodeFileError> {
        let head = "number = 7\noid = \"1.7\"\nname = \"T\"\nas_of = \"2025-01-01\"\nsource = \"s\"\n";
        read_table("7-t.toml", &format!("{head}complete = true\n{code}"))
    }

    #[test]
    fn a_broken_file_says_which_and_what() {
        let says = |code: &str| file(code).expect_err("must be refused").to_string();
        let a = "[[code]]\nvalue = \"A\"\nname = \"a\"\n";
        assert!(says(&format!("{a}{a}")).contains("A stands twice"));
        assert!(says("[[code]]\nvalue = \"A\"\nname = \" \"\n").contains("must have a value and a name"));
        assert!(says(&format!("{a}from = \"2020-01-02\"\nuntil = \"2020-01-01\"\n")).contains("first day"));
        assert!(says(&format!("{a}untill = \"2020-01-01\"\n")).contains("untill"));
        assert!(file(&format!("{a}from = \"2020-01-01\"\nuntil = \"2020-01-01\"\n")).is_ok());
    }

    #[test]
    fn the_oid_ends_with_the_number() {
        let text = "number = 7\noid = \"1.17\"\nname = \"T\"\nas_of = \"2025-01-01\"\nsource = \"s\"\ncomplete = true\n";
        assert_eq!(
            read_table("7-t.toml", text),
            Err(CodeFileError::OidOfAnotherTable { file: "7-t.toml".to_owned(), number: 7 })
        );
    }
}
