//! Characters that must not reach a terminal or a screen from a message.

/// The text with every character that commands a terminal, or that turns or hides writing, shown as `�`. Line breaks and tabs
/// become spaces: lines are laid out here.
pub fn safe(text: &str) -> String {
    text.chars().map(safe_character).collect()
}

fn safe_character(character: char) -> char {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        _ if is_unsafe(character) => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

fn is_unsafe(character: char) -> bool {
    character.is_control() || turns_writing(character) || is_unseen(character)
}

/// Marks, embeddings, overrides and isolates of the direction of writing.
fn turns_writing(character: char) -> bool {
    matches!(character, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters without width that no language needs between letters; the joiners U+200C and U+200D some do need.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_commands_a_terminal_or_turns_writing_is_shown_as_a_mark() {
        let rows = [
            ("blå\u{1b}[31mrød", "blå�[31mrød"),
            ("a\u{9b}31m", "a�31m"),
            ("a\u{7}\u{8}\u{7f}b", "a���b"),
            ("fil\u{202e}fdp.exe", "fil�fdp.exe"),
            ("\u{2066}x\u{2069}\u{200f}", "�x��"),
            ("ja\u{200b}nei\u{feff}", "ja�nei�"),
            ("én\u{a0}to – tre", "én\u{a0}to – tre"),
            ("a\tb\nc", "a b c"),
        ];
        for (text, shown) in rows {
            assert_eq!(safe(text), shown);
        }
    }
}
