//! Lines of a certain width.

/// How many columns a character takes on a terminal: two for those of East Asian writing and pictures, none for marks that are set
/// on the letter before.
fn width_of(character: char) -> usize {
    match character {
        '\u{300}'..='\u{36F}'
        | '\u{200C}'
        | '\u{200D}'
        | '\u{20D0}'..='\u{20F0}'
        | '\u{FE00}'..='\u{FE0F}' => 0,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F000}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

/// A text in lines of at most so many columns, broken between words; a word longer than a line is cut. Always at least one line.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines: Vec<String> = vec![String::new()];
    let mut used = 0;
    for word in text.split([' ', '\t', '\n']).filter(|word| !word.is_empty()) {
        for piece in pieces(word, columns) {
            let needed = width(&piece);
            if used + usize::from(used > 0) + needed > columns {
                lines.push(String::new());
                used = 0;
            }
            if let Some(line) = lines.last_mut() {
                if used > 0 {
                    line.push(' ');
                    used += 1;
                }
                line.push_str(&piece);
                used += needed;
            }
        }
    }
    lines
}

fn pieces(word: &str, columns: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for character in word.chars() {
        if used + width_of(character) > columns {
            pieces.push(String::new());
            used = 0;
        }
        used += width_of(character);
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
    }
    pieces
}

/// A text filled up with spaces to so many columns.
pub(super) fn padded(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_be_as_long_as_the_width_and_no_longer() {
        assert_eq!(wrapped("abc def", 7), ["abc def"]);
        assert_eq!(wrapped("abc def", 6), ["abc", "def"]);
        assert_eq!(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrapped("", 10), [""]);
    }

    #[test]
    fn wide_letters_take_two_columns_and_set_marks_none() {
        assert_eq!(width("日本"), 4);
        assert_eq!(width("a\u{30a}"), 1);
        assert_eq!(wrapped("日本語", 4), ["日本", "語"]);
    }
}
