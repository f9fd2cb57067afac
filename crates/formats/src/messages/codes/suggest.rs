use super::table::{Code, End};

/// Values at least this long may differ by one letter from what was meant; shorter ones differ from too many.
const LONG_BYTES: usize = 4;
/// Values at least this long may differ by two.
const VERY_LONG_BYTES: usize = 9;

/// Values whose lengths differ by more than this can't be so near: a letter takes at most four bytes.
const SLIP_BYTES_MAX: usize = 8;

/// The code that was probably meant.
pub(super) fn nearest<'t>(codes: &'t [Code], value: &str, name: &str) -> Option<&'t Code> {
    let find =
        |fits: &dyn Fn(&Code) -> bool| codes.iter().find(|code| code.end != End::DayUnknown && fits(code));
    find(&|code| written_alike(&code.value, value))
        .or_else(|| find(&|code| code.is_called(value)))
        .or_else(|| find(&|code| code.is_called(name)))
        .or_else(|| slip(codes, value))
}

/// Whether two names have the same letters and digits, whatever stands between them. Empty names are the same as none.
pub(super) fn same_words(left: &str, right: &str) -> bool {
    let mut letters = letters(left).peekable();
    letters.peek().is_some() && letters.eq(self::letters(right))
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

fn written_alike(left: &str, right: &str) -> bool {
    let bare = |text: &str| text.trim().trim_start_matches('0').to_lowercase();
    let (left, right) = (bare(left), bare(right));
    !left.is_empty() && left == right
}

/// The code whose value is a slip of the pen away, if only one is nearest.
fn slip<'t>(codes: &'t [Code], value: &str) -> Option<&'t Code> {
    let value = value.trim().to_uppercase();
    let allowed = slips_allowed(&value)?;
    let near = |code: &&Code| code.end != End::DayUnknown && code.value.len() >= LONG_BYTES;
    let mut ranked: Vec<_> = codes
        .iter()
        .filter(near)
        .filter(|code| code.value.len().abs_diff(value.len()) <= SLIP_BYTES_MAX)
        .map(|code| (strsim::damerau_levenshtein(&code.value.to_uppercase(), &value), code))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    match ranked.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, code), ..] => Some(code),
        [] => None,
    }
}

/// How many letters may be wrong; none for short values and for numbers, where every other value is as near.
fn slips_allowed(value: &str) -> Option<usize> {
    match value.len() {
        _ if value.bytes().all(|byte| byte.is_ascii_digit()) => None,
        VERY_LONG_BYTES.. => Some(2),
        LONG_BYTES.. => Some(1),
        _ => None,
    }
}
