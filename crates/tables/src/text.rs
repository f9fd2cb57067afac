//! Texts of all of Arrow's layouts, read where they lie.

use arrow_array::{
    Array, LargeStringArray, RecordBatch, StringArray, StringViewArray,
    cast::{AsArray, as_dictionary_array},
    types::{
        ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
        UInt64Type,
    },
};
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;

use crate::{TableError, places::listed};

/// A column of texts.
#[derive(Debug)]
pub(crate) enum Texts<'a> {
    Small(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
    /// The number of each row's text, and the texts.
    Coded(Vec<Option<usize>>, Box<Texts<'a>>),
    /// No row has a text: a column of nulls.
    None,
}

impl<'a> Texts<'a> {
    /// The texts of a column; `None` where it holds something else.
    pub(crate) fn of(array: &'a dyn Array) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8 => Some(Self::Small(array.as_string())),
            DataType::LargeUtf8 => Some(Self::Large(array.as_string())),
            DataType::Utf8View => Some(Self::View(array.as_string_view())),
            DataType::Null => Some(Self::None),
            DataType::Dictionary(key, _) => coded(key, array),
            _ => None,
        }
    }

    /// The text of a row, if it has one.
    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Coded(codes, texts) => codes[row].and_then(|code| texts.get(code)),
            Self::None => None,
        }
    }
}

fn coded<'a>(key: &DataType, array: &'a dyn Array) -> Option<Texts<'a>> {
    match key {
        DataType::Int8 => coded_by::<Int8Type>(array),
        DataType::Int16 => coded_by::<Int16Type>(array),
        DataType::Int32 => coded_by::<Int32Type>(array),
        DataType::Int64 => coded_by::<Int64Type>(array),
        DataType::UInt8 => coded_by::<UInt8Type>(array),
        DataType::UInt16 => coded_by::<UInt16Type>(array),
        DataType::UInt32 => coded_by::<UInt32Type>(array),
        DataType::UInt64 => coded_by::<UInt64Type>(array),
        _ => None,
    }
}

fn coded_by<K: ArrowDictionaryKeyType>(array: &dyn Array) -> Option<Texts<'_>> {
    let dictionary = as_dictionary_array::<K>(array);
    let codes = dictionary.keys().iter().map(|code| code.map(ArrowNativeType::as_usize)).collect();
    Some(Texts::Coded(codes, Box::new(Texts::of(dictionary.values())?)))
}

/// How many rows at the end of `batch` have the same text in a column as the last row of `last`.
///
/// # Errors
/// A column that isn't there, or holds no texts.
pub fn same_text(batch: &RecordBatch, last: &RecordBatch, column: &'static str) -> Result<usize, TableError> {
    let (texts, wanted) = (texts_in(batch, column)?, texts_in(last, column)?);
    let wanted = last.num_rows().checked_sub(1).and_then(|row| wanted.get(row));
    Ok((0..batch.num_rows()).rev().take_while(|row| texts.get(*row) == wanted).count())
}

fn texts_in<'b>(batch: &'b RecordBatch, column: &'static str) -> Result<Texts<'b>, TableError> {
    let found = batch
        .column_by_name(column)
        .ok_or_else(|| TableError::NoColumn { column, available: listed(&batch.schema()) })?;
    Texts::of(found).ok_or_else(|| TableError::BadType {
        column: column.to_owned(),
        found: found.data_type().to_string(),
        instead: "a text",
    })
}
