//! Addresses of pages.

use std::fmt::Write as _;

/// `/opphold/sak%201`: each part escaped for itself, so that none can lead elsewhere.
pub fn path(parts: &[&str]) -> String {
    parts.iter().fold(String::new(), |mut path, part| {
        path.push('/');
        escape(&mut path, part);
        path
    })
}

/// A path with what is asked for; what is empty is left out.
pub fn query(path: &str, asked: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut between = '?';
    for (name, value) in asked.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(between);
        escape(&mut address, name);
        address.push('=');
        escape(&mut address, value);
        between = '&';
    }
    address
}

fn escape(into: &mut String, text: &str) {
    // A part of dots alone would be read as "here" or "one up".
    let is_dots = matches!(text, "." | "..");
    for byte in text.bytes() {
        let is_plain =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') || (byte == b'.' && !is_dots);
        if is_plain {
            into.push(char::from(byte));
        } else {
            let written = write!(into, "%{byte:02X}");
            debug_assert!(written.is_ok(), "a string takes all letters");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_path_never_leads_elsewhere() {
        assert_eq!(path(&["opphold", "../x?y#z/æ"]), "/opphold/..%2Fx%3Fy%23z%2F%C3%A6");
        assert_eq!(path(&["opphold", ".."]), "/opphold/%2E%2E");
    }

    #[test]
    fn what_is_empty_is_not_asked_for() {
        assert_eq!(
            query("/tavle", &[("fase", ""), ("tekst", "a&b"), ("side", "2")]),
            "/tavle?tekst=a%26b&side=2"
        );
        assert_eq!(query("/tavle", &[("fase", "")]), "/tavle");
    }
}
