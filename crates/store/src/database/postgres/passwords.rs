//! The file in which PostgreSQL's programs look for passwords: `PGPASSFILE`, or `.pgpass` in the home folder.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// What a password is looked for by: host, port, database, user.
pub(super) type Key<'a> = [&'a str; 4];

/// The password of the first line that fits. `None` where there is none, or where others than the file's owner may use the file.
pub(super) fn password(named: Option<String>, key: Key<'_>) -> Option<String> {
    let own = std::env::home_dir().map(|home| home.join(".pgpass"));
    let files = named.map(PathBuf::from).into_iter().chain(own);
    files.filter_map(|file| kept_secret(&file)).find_map(|text| in_text(&text, key))
}

fn kept_secret(file: &Path) -> Option<String> {
    const OTHERS: u32 = 0o077;
    let mode = fs::metadata(file).ok()?.permissions().mode();
    if mode & OTHERS == 0 { fs::read_to_string(file).ok() } else { None }
}

fn in_text(text: &str, key: Key<'_>) -> Option<String> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| in_line(line, key))
}

/// A line has `host:port:database:user:password`. `*` fits all; `\` makes the next character one of the text.
fn in_line(line: &str, key: Key<'_>) -> Option<String> {
    let mut rest = line;
    for wanted in key {
        let (field, after) = field(rest)?;
        if field != "*" && unescaped(field) != wanted {
            return None;
        }
        rest = after;
    }
    Some(unescaped(rest))
}

/// What stands before the first colon that nothing escapes, and what comes after it.
fn field(text: &str) -> Option<(&str, &str)> {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b':' if !is_escaped => return Some((&text[..at], &text[at + 1..])),
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    None
}

fn unescaped(text: &str) -> String {
    let mut letters = text.chars();
    let next = || match letters.next() {
        Some('\\') => letters.next(),
        other => other,
    };
    std::iter::from_fn(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let text = "# host:port:database:user:password\n\
                    db:5432:samspill:ola:first\n\
                    db:*:*:kari:with\\:colon\\\\\n\
                    broken\n\
                    a\\:b:*:*:*:\n\
                    *:5433:*:*:last";
        for (key, found) in [
            (["db", "5432", "samspill", "ola"], Some("first")),
            (["db", "5432", "annen", "ola"], None),
            (["db", "1", "x", "kari"], Some("with:colon\\")),
            (["a:b", "1", "x", "y"], Some("")),
            (["db", "5433", "x", "y"], Some("last")),
        ] {
            assert_eq!(in_text(text, key).as_deref(), found, "{key:?}");
        }
    }

    #[test]
    fn a_file_that_others_may_read_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passwords");
        fs::write(&file, "*:*:*:*:hemmelig").unwrap();
        for (mode, read) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(kept_secret(&file).is_some(), read, "{mode:o}");
        }
    }
}
