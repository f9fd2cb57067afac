//! References to resources, as the validators in use read `anyURI`: RFC 3986, with the characters that a writer should have
//! escaped taken as they are.

/// Whether a value can be a reference. Empty is: it refers to the document itself.
pub(super) fn is(value: &str) -> bool {
    is_usual(value) || is_any(value)
}

/// Whether it is one without a sign of its own, or with a scheme and no other: `tel:73555555`.
fn is_usual(value: &str) -> bool {
    let is_sign = |byte: u8| matches!(byte, b':' | b'/' | b'?' | b'#' | b'[' | b']' | b'%');
    let Some(first) = value.bytes().position(is_sign) else { return true };
    let (scheme, rest) = value.split_at(first);
    let is_scheme = rest.starts_with(':') && is_scheme(scheme);
    is_scheme && !rest.bytes().skip(1).any(is_sign)
}

fn is_any(value: &str) -> bool {
    let (value, fragment) =
        value.split_once('#').map_or((value, None), |(value, fragment)| (value, Some(fragment)));
    let (value, query) = value.split_once('?').map_or((value, None), |(value, query)| (value, Some(query)));
    fragment.is_none_or(|text| all(text, b"/?[]"))
        && query.is_none_or(|text| all(text, b"/?[]"))
        && hierarchy(value)
}

fn hierarchy(value: &str) -> bool {
    let first_segment = value.split('/').next().unwrap_or_default();
    let rest = match first_segment.split_once(':') {
        Some((scheme, _)) if !is_scheme(scheme) => return false,
        Some((scheme, _)) => &value[scheme.len() + 1..],
        None => value,
    };
    match rest.strip_prefix("//") {
        Some(authority) => {
            let end = authority.find('/').unwrap_or(authority.len());
            is_authority(&authority[..end]) && all(&authority[end..], b"/")
        }
        None => all(rest, b"/"),
    }
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn is_authority(authority: &str) -> bool {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    if let Some(literal) = host.strip_prefix('[') {
        return all(user, b"") && literal.split_once(']').is_some_and(|(_, port)| is_port(port));
    }
    let (host, port) = host.find(':').map_or((host, ""), |at| host.split_at(at));
    all(user, b"") && all(host, b"") && !host.contains(':') && is_port(port)
}

fn is_port(port: &str) -> bool {
    port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether all characters may stand in a part of a path, or are among `also`; `%` must be followed by two hexadecimals.
fn all(text: &str, also: &[u8]) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit)),
        b'/' | b'?' | b'#' | b'[' | b']' => also.contains(byte),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::is;

    #[test]
    fn addresses_telephone_numbers_and_mail_are_references() {
        let right = [
            "",
            "tel:12345678",
            "22 33 44 55",
            "mailto:a@b.no",
            "http://a.no:80/b?c=d#e",
            "urn:x:y",
            "a/b:c",
            "#id",
            "å%20",
        ];
        for value in right {
            assert!(is(value), "{value}");
        }
    }

    #[test]
    fn what_no_reader_can_take_apart_is_none() {
        for value in ["12:34", ":a", "%", "%zz", "http://a:b/", "http://[::1", "a[b]", "a#b#c"] {
            assert!(!is(value), "{value}");
        }
    }
}
