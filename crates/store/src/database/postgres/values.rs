//! Parameters as they go to the server, and rows as they come from it.

use std::{error::Error, fmt};

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::super::{Param, Row, cells::Cell};

/// A parameter that is kept until it is sent.
pub(super) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// The driver writes parameters into its log by `Debug`. They may be about a person: nothing of them is shown.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl From<&Param<'_>> for Value {
    fn from(param: &Param<'_>) -> Self {
        match *param {
            Param::Int(number) => Self::Int(Some(number)),
            Param::MaybeInt(number) => Self::Int(number),
            Param::Text(text) => Self::Text(Some(text.to_owned())),
            Param::MaybeText(text) => Self::Text(text.map(str::to_owned)),
            Param::Bytes(bytes) => Self::Bytes(Some(bytes.to_vec())),
            Param::MaybeBytes(bytes) => Self::Bytes(bytes.map(<[u8]>::to_vec)),
        }
    }
}

impl Value {
    /// How many bytes it holds in memory, about.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Int(_) => 8,
            Self::Text(text) => text.as_ref().map_or(0, String::len),
            Self::Bytes(bytes) => bytes.as_ref().map_or(0, Vec::len),
        }
    }
}

/// The type that a parameter is declared with.
pub(super) fn type_of(param: &Param<'_>) -> Type {
    match param {
        Param::Int(_) | Param::MaybeInt(_) => Type::INT8,
        Param::Text(_) | Param::MaybeText(_) => Type::TEXT,
        Param::Bytes(_) | Param::MaybeBytes(_) => Type::BYTEA,
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Int(number) if *ty == Type::INT8 => number.to_sql(ty, out),
            Self::Text(text) if *ty == Type::TEXT => text.to_sql(ty, out),
            Self::Bytes(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out),
            Self::Int(_) | Self::Text(_) | Self::Bytes(_) => {
                Err(format!("a parameter was declared as {ty} and is something else").into())
            }
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

/// Copies a row.
///
/// # Errors
///
/// A column of a type that the store has nowhere.
pub(super) fn row(row: &tokio_postgres::Row) -> Result<Row, tokio_postgres::Error> {
    let cells = row.columns().iter().enumerate().map(|(place, column)| cell(row, place, column.type_()));
    cells.collect::<Result<_, _>>().map(Row::new)
}

fn cell(row: &tokio_postgres::Row, place: usize, ty: &Type) -> Result<Cell, tokio_postgres::Error> {
    let found = match *ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(place)?.map(Cell::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(place)?.map(i64::from).map(Cell::Int),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(place)?.map(Cell::Bytes),
        _ => row.try_get::<_, Option<String>>(place)?.map(Cell::Text),
    };
    Ok(found.unwrap_or(Cell::Null))
}
