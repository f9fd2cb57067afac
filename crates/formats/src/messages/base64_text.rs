//! Base64 as it stands in messages: in lines, and large. What is usual goes fast; the rest is for the caller.

use base64_simd::{STANDARD, STANDARD_NO_PAD};

/// Digits that are looked at in one go. A multiple of four, so that they are base64 of their own.
const PIECE: usize = 8 << 10;

/// Lines of at most so many digits, as nearly all are (64 or 76), are copied with so many bytes: a length that is known
/// beforehand needs no call.
const LINE: usize = 80;

/// Whether a text is base64 in lines, without white space within them. `false` says nothing: it may still be base64.
pub(super) fn is_usual(text: &[u8]) -> bool {
    let check = |digits: &[u8], place: Place| match place {
        Place::Within => STANDARD_NO_PAD.check(digits).is_ok(),
        Place::Last => STANDARD.check(digits).is_ok(),
    };
    pieces(text, check)
}

/// The bytes that such a text stands for; none where it isn't one.
pub(super) fn decode_usual(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let decode = |digits: &[u8], place: Place| {
        let result = match place {
            Place::Within => STANDARD_NO_PAD.decode_append(digits, &mut bytes),
            Place::Last => STANDARD.decode_append(digits, &mut bytes),
        };
        result.is_ok()
    };
    pieces(text, decode).then_some(bytes)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Within,
    Last,
}

/// Gives the digits of all lines, [`PIECE`] at a time, until `take` says no; whether it never did.
fn pieces(text: &[u8], mut take: impl FnMut(&[u8], Place) -> bool) -> bool {
    let mut piece = [0; PIECE + LINE];
    let mut filled = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let (whole, after) = rest.split_at(end);
        let mut line = whole.trim_ascii();
        while line.len() > PIECE - filled {
            let (now, later) = line.split_at(PIECE - filled);
            piece[filled..PIECE].copy_from_slice(now);
            if !take(&piece[..PIECE], Place::Within) {
                return false;
            }
            (line, filled) = (later, 0);
        }
        piece[filled..filled + line.len()].copy_from_slice(line);
        filled += line.len();
        rest = alike(&mut piece, &mut filled, whole, after);
    }
    take(&piece[..filled], Place::Last)
}

/// Puts the lines that follow one and end where it does into the piece, as long as it has room for all of a line; what comes
/// after them. A line that ends earlier and another that ends there pass for one: then a line end is among the digits.
fn alike<'t>(
    piece: &mut [u8; PIECE + LINE],
    filled: &mut usize,
    line: &[u8],
    mut rest: &'t [u8],
) -> &'t [u8] {
    let digits = line.trim_ascii_end().len();
    let end = &line[digits..];
    if digits == 0 || line[0].is_ascii_whitespace() || end.is_empty() {
        return rest;
    }
    if digits <= LINE {
        rest = short_alike(piece, filled, (digits, end), rest);
    }
    while *filled + digits <= PIECE
        && let Some((next, after)) = rest.split_at_checked(line.len())
        && next[digits..].iter().eq(end)
    {
        piece[*filled..*filled + digits].copy_from_slice(&next[..digits]);
        *filled += digits;
        rest = after;
    }
    rest
}

/// The same for lines of at most [`LINE`] digits that have as much behind them in the text. It is a loop of its own, because two
/// ways of copying in one loop are compiled to the call that this is to do without.
fn short_alike<'t>(
    piece: &mut [u8; PIECE + LINE],
    filled: &mut usize,
    (digits, end): (usize, &[u8]),
    mut rest: &'t [u8],
) -> &'t [u8] {
    while *filled + digits <= PIECE
        && let Some(from) = rest.first_chunk::<LINE>()
        && let Some((next, after)) = rest.split_at_checked(digits + end.len())
        && next[digits..].iter().eq(end)
        && let Some(to) = piece[*filled..].first_chunk_mut::<LINE>()
    {
        // What comes after the digits there counts for nothing.
        *to = *from;
        *filled += digits;
        rest = after;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many bytes as base64 in lines of so many digits.
    fn written(bytes: usize, line: usize) -> (Vec<u8>, Vec<u8>) {
        let bytes: Vec<u8> = (0..251).step_by(7).cycle().take(bytes).collect();
        let digits = STANDARD.encode_to_string(&bytes).into_bytes();
        (digits.chunks(line).collect::<Vec<_>>().join(&b"\r\n\t"[..]), bytes)
    }

    #[test]
    fn lines_of_any_length_are_read_also_around_the_end_of_a_piece() {
        let around = PIECE / 4 * 3;
        for size in
            [0, 1, 2, 3, 4, 100, around - 1, around, around + 1, around + 3, around * 2, around * 3 + 2]
        {
            for line in [1, 7, 64, 76, PIECE - 1, PIECE, PIECE + 1, 100_000] {
                let (text, bytes) = written(size, line);
                assert!(is_usual(&text), "{size} in lines of {line}");
                assert_eq!(decode_usual(&text), Some(bytes), "{size} in lines of {line}");
            }
        }
    }

    #[test]
    fn what_is_wrong_isnt_usual_wherever_it_stands() {
        let (text, _) = written(10_000, 76);
        for place in [0, 5, 3_000, 8_191, 8_192, 10_930, text.len() - 2] {
            for wrong in [b'=', b'*', b'-', 0xC3] {
                let mut text = text.clone();
                if text[place].is_ascii_whitespace() || text[place] == wrong {
                    continue;
                }
                text[place] = wrong;
                assert!(!is_usual(&text) && decode_usual(&text).is_none(), "{wrong} at {place}");
            }
        }
    }

    #[test]
    fn lines_of_other_lengths_among_alike_ones_are_read_or_left_to_the_caller() {
        let line = "QUJD".repeat(5);
        for end in ["\n", "\r\n", "\n\t"] {
            for other in ["QUJDQUJD", "", "  ", "QUJDQUJDQUJDQUJDQUJDQUJDQUJD", "QUJDQUJDQU\nJDQUJDQUJ"] {
                let text = [&line, &line, other, &line, &line].join(end);
                let bytes = decode_usual(text.as_bytes());
                assert!(
                    bytes.is_none_or(|bytes| bytes == b"ABC".repeat(text.matches("QU").count())),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn bits_and_digits_left_over_arent_usual() {
        for end in ["Q", "QQ", "QUI", "QQ=", "QR==", "QUJ=", "====", "QUI=QUJD", "QU JD", "QQ = ="] {
            let text = "QUJD".repeat(30) + end;
            assert!(!is_usual(text.as_bytes()) && decode_usual(text.as_bytes()).is_none(), "{end}");
        }
    }
}
