//! Numbers, texts and values as bytes.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
};

use samspill_base::{Decimal, Value};

/// Values within values at the most.
const DEPTH_MAX: u32 = 64;
/// Bytes that are read at once: what a length claims is not believed before it is there.
const PIECE_BYTES: u64 = 4_096;

/// The bytes say something that can't be.
pub(super) fn corrupt(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

/// Seven bits a byte, the lowest first.
pub(super) fn put_number(to: &mut impl Write, mut number: u64) -> io::Result<()> {
    while number >= 0x80 {
        to.write_all(&[(number & 0x7f).to_le_bytes()[0] | 0x80])?;
        number >>= 7;
    }
    to.write_all(&[number.to_le_bytes()[0]])
}

pub(super) fn byte(from: &mut impl Read) -> io::Result<u8> {
    let mut byte = [0];
    from.read_exact(&mut byte)?;
    Ok(byte[0])
}

pub(super) fn number(from: &mut impl Read) -> io::Result<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = byte(from)?;
        let part = u64::from(byte & 0x7f);
        if shift == 63 && part > 1 {
            return Err(corrupt("a number with more than 64 bits"));
        }
        number |= part << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(corrupt("a number that doesn't end"))
}

/// Small for times near another.
pub(super) fn put_difference(to: &mut impl Write, from: i64, at: i64) -> io::Result<()> {
    let difference = at.wrapping_sub(from);
    put_number(to, ((difference << 1) ^ (difference >> 63)).cast_unsigned())
}

pub(super) fn difference(from: &mut impl Read, other: i64) -> io::Result<i64> {
    let number = number(from)?;
    Ok(other.wrapping_add((number >> 1).cast_signed() ^ -((number & 1).cast_signed())))
}

pub(super) fn put_text(to: &mut impl Write, text: &str) -> io::Result<()> {
    put_number(to, text.len() as u64)?;
    to.write_all(text.as_bytes())
}

pub(super) fn text(from: &mut impl Read) -> io::Result<String> {
    let mut left = number(from)?;
    let mut bytes = Vec::new();
    while left > 0 {
        let piece = left.min(PIECE_BYTES);
        let read = from.by_ref().take(piece).read_to_end(&mut bytes)?;
        if read as u64 != piece {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        left -= piece;
    }
    String::from_utf8(bytes).map_err(|_| corrupt("a text that isn't UTF-8"))
}

/// Writes a value to memory, where nothing can fail.
pub(super) fn put_value(to: &mut Vec<u8>, value: &Value) {
    let written = write_value(to, value);
    debug_assert!(written.is_ok(), "memory takes all bytes");
}

fn write_value(to: &mut Vec<u8>, value: &Value) -> io::Result<()> {
    match value {
        Value::Empty => to.push(0),
        Value::Bool(yes) => to.push(1 + u8::from(*yes)),
        Value::Number(number) => {
            to.push(3);
            put_text(to, &exactly(*number))?;
        }
        Value::Text(text) => {
            to.push(4);
            put_text(to, text)?;
        }
        Value::List(values) => {
            to.push(5);
            put_number(to, values.len() as u64)?;
            for value in values {
                put_value(to, value);
            }
        }
        Value::Map(values) => {
            to.push(6);
            put_number(to, values.len() as u64)?;
            for (name, value) in values {
                put_text(to, name)?;
                put_value(to, value);
            }
        }
    }
    Ok(())
}

/// The number with as many noughts as it has: `1.0` is `10e-1`.
fn exactly(number: Decimal) -> String {
    let shown = number.to_string();
    match shown.split_once('.') {
        None => shown,
        Some((whole, part)) => format!("{whole}{part}e-{}", part.len()),
    }
}

pub(super) fn value(from: &mut impl Read) -> io::Result<Value> {
    value_within(from, DEPTH_MAX)
}

fn value_within(from: &mut impl Read, depth: u32) -> io::Result<Value> {
    let Some(depth) = depth.checked_sub(1) else { return Err(corrupt("values too deep in each other")) };
    match byte(from)? {
        0 => Ok(Value::Empty),
        1 => Ok(Value::Bool(false)),
        2 => Ok(Value::Bool(true)),
        3 => {
            let number = Decimal::parse(&text(from)?).ok_or_else(|| corrupt("no such number"))?;
            Ok(Value::Number(number))
        }
        4 => Ok(Value::Text(text(from)?)),
        5 => {
            let mut values = Vec::new();
            for _ in 0..number(from)? {
                values.push(value_within(from, depth)?);
            }
            Ok(Value::List(values))
        }
        6 => {
            let mut values = BTreeMap::new();
            for _ in 0..number(from)? {
                values.insert(text(from)?, value_within(from, depth)?);
            }
            Ok(Value::Map(values))
        }
        _ => Err(corrupt("no such kind of value")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were_noughts_included() {
        let numbers = ["10e-1", "-0.5", "1.250", "5e-9", "-12", "9223372036854775807"];
        let mut values: Vec<Value> =
            numbers.iter().map(|text| Value::Number(Decimal::parse(text).unwrap())).collect();
        values.extend([Value::Empty, Value::Bool(true), Value::Bool(false), Value::text("æ")]);
        values.push(Value::Map([("a".to_owned(), Value::List(values.clone()))].into()));
        for value in values {
            let mut bytes = Vec::new();
            put_value(&mut bytes, &value);
            let back = super::value(&mut bytes.as_slice()).unwrap();
            assert_eq!(format!("{back:?}"), format!("{value:?}"));
        }
    }

    #[test]
    fn numbers_and_differences_come_back_at_the_ends_too() {
        for at in [0, 1, -1, 127, 128, i64::MAX, i64::MIN, i64::MIN + 1] {
            for other in [0, 5, i64::MAX, i64::MIN] {
                let mut bytes = Vec::new();
                put_difference(&mut bytes, other, at).unwrap();
                assert_eq!(difference(&mut bytes.as_slice(), other).unwrap(), at);
            }
        }
    }

    #[test]
    fn a_length_that_is_not_true_takes_no_memory() {
        let mut bytes = Vec::new();
        put_number(&mut bytes, u64::MAX).unwrap();
        assert!(text(&mut bytes.as_slice()).is_err());
        let mut bytes = vec![5];
        put_number(&mut bytes, u64::MAX).unwrap();
        assert!(value(&mut bytes.as_slice()).is_err());
    }
}
