use axum::http::{HeaderMap, HeaderValue, header};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    key::hex,
    problem::{Problem, ProblemKind},
};

/// The tag of a stay: `"<last position>.<digest>"`. The position is what changes are checked against; the digest is of what the answer
/// says, which time alone may change.
pub(crate) fn of(position: u64, what: &impl Serialize) -> HeaderValue {
    let bytes = serde_json::to_vec(what).unwrap_or_default();
    let digest = hex(&Sha256::digest(bytes)[..8]);
    HeaderValue::from_str(&format!("\"{position}.{digest}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// Whether the caller has it already (`If-None-Match`).
pub(crate) fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let Ok(tag) = tag.to_str() else { return false };
    let said = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|value| value.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}

/// The positions that the caller has seen (`If-Match`); `None` where that doesn't matter.
///
/// # Errors
///
/// A tag that isn't one of ours.
pub(crate) fn seen(headers: &HeaderMap) -> Result<Option<Vec<u64>>, Problem> {
    let mut seen = Vec::new();
    for value in headers.get_all(header::IF_MATCH) {
        let text = value.to_str().map_err(|_| unknown())?;
        for one in text.split(',').map(str::trim) {
            if one == "*" {
                return Ok(None);
            }
            seen.push(position(one).ok_or_else(unknown)?);
        }
    }
    Ok(Some(seen).filter(|seen| !seen.is_empty()))
}

fn position(tag: &str) -> Option<u64> {
    let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
    inner.split('.').next()?.parse().ok()
}

fn unknown() -> Problem {
    Problem::parameter("If-Match", "it is no tag of this API: send the ETag of the stay as you got it")
}

/// Refuses what was written against an older state than the one that is there.
pub(crate) fn check(seen: Option<&[u64]>, last: u64) -> Result<(), Problem> {
    if seen.is_none_or(|seen| seen.contains(&last)) {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::Changed,
        "Read the stay again. If what you send still holds, send it with the new ETag, or without If-Match: nothing that has a legal time limit is held back.",
    )
    .with(header::ETAG, &format!("\"{last}\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        [(name, value.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn only_the_position_is_compared_for_changes() {
        let tag = of(7, &"what it says");
        let seen = seen(&headers(header::IF_MATCH, tag.to_str().unwrap())).unwrap();
        assert!(check(seen.as_deref(), 7).is_ok());
        assert!(check(seen.as_deref(), 8).is_err());
        assert!(check(None, 8).is_ok());
    }

    #[test]
    fn a_tag_that_is_none_of_ours_is_refused() {
        for bad in ["7", "\"x\"", "W/\"7\"", "\"\""] {
            assert!(seen(&headers(header::IF_MATCH, bad)).is_err(), "{bad}");
        }
        assert_eq!(seen(&headers(header::IF_MATCH, "*")).unwrap(), None);
    }

    #[test]
    fn what_is_known_is_known_in_a_list_and_weakly() {
        let tag = of(7, &1);
        let text = tag.to_str().unwrap();
        for said in [text.to_owned(), format!("\"a\", W/{text}"), "*".to_owned()] {
            assert!(is_known(&headers(header::IF_NONE_MATCH, &said), &tag), "{said}");
        }
        assert!(!is_known(&headers(header::IF_NONE_MATCH, "\"7\""), &tag));
    }
}
