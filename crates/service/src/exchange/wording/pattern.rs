//! Sentences with values in them: from a text to its values, and from values to a text.

/// A value by its name.
type Value<'t> = (&'static str, &'t str);

/// The values of a text that follows a pattern whole; none of one that doesn't. Where a text can be read in several ways, each value is
/// the shortest that it can be. `is_row` says what values are texts of their own: those whose names begin with `=`.
pub(super) fn values<'t>(
    pattern: &'static str,
    text: &'t str,
    is_row: &dyn Fn(&str) -> bool,
) -> Option<Vec<Value<'t>>> {
    let Some((literal, rest)) = pattern.split_once('{') else { return (pattern == text).then(Vec::new) };
    let text = text.strip_prefix(literal)?;
    let (name, behind) = rest.split_once('}')?;
    let next = behind.split('{').next().unwrap_or_default();
    let is_last = next.len() == behind.len();
    let ends: Vec<usize> = if is_last {
        text.strip_suffix(next).map(str::len).into_iter().collect()
    } else {
        text.match_indices(next).map(|(at, _)| at).collect()
    };
    let fits = |value: &str| match name.as_bytes().first() {
        Some(b'=') => is_row(value),
        Some(b'#') => !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()),
        _ => true,
    };
    ends.into_iter().filter(|end| fits(&text[..*end])).find_map(|end| {
        let mut found = values(behind, &text[end..], is_row)?;
        found.push((name.trim_start_matches(['=', '#']), &text[..end]));
        Some(found)
    })
}

/// A pattern with values put in: each as `said` says it, or as it is.
pub(super) fn filled(pattern: &str, values: &[Value<'_>], said: &dyn Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| *value);
        text.push_str(&said(value).unwrap_or_else(|| value.to_owned()));
        rest = behind;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &'static str, text: &str) -> Option<String> {
        let found = values(pattern, text, &|value| value == "kjent")?;
        Some(found.iter().rev().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_text_follows_a_pattern_whole_or_not_at_all() {
        let rows = [
            ("Ja.", "Ja.", Some("")),
            ("Ja.", "Ja. Nei.", None),
            ("{n} av {all}.", "1 av 2.", Some("n=1 all=2")),
            ("{n} av {all}.", "1 av 2", None),
            ("{n} av {all}.", "1 av 2. 3 av 4.", Some("n=1 all=2. 3 av 4")),
            ("{#n} av {all}", "én av 2", None),
            ("{#n} av {all}", " av 2", None),
            ("{#n} av {all}", "12 av 2", Some("n=12 all=2")),
            ("til {who}", "til ", Some("who=")),
            ("til {who}", "Til A", None),
            ("{=what}: {why}", "a: kjent: b", None),
            ("{=what}: {why}", "kjent: b: c", Some("what=kjent why=b: c")),
            ("({where}, {=what})", "(a, b, kjent)", Some("where=a, b what=kjent")),
        ];
        for (pattern, text, expected) in rows {
            assert_eq!(read(pattern, text).as_deref(), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_value_is_never_read_again_for_names() {
        assert_eq!(filled("{a} og {b}", &[("a", "{b}"), ("b", "c")], &|_| None), "{b} og c");
    }
}
