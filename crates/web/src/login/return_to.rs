//! Where somebody goes after logging in: back to the page that was wanted, and never to somebody else's.

use reqwest::Url;

/// The longest path, in bytes.
const PATH_BYTES_MAX: usize = 2000;

/// A path of ours, or the start page if it isn't one.
pub(super) fn local(wanted: Option<&str>) -> &str {
    wanted.filter(|path| is_ours(path)).unwrap_or("/")
}

/// Whether a path, as browsers read it, stays with us and isn't one of the pages of logging in and out.
fn is_ours(path: &str) -> bool {
    let pages = ["logg-inn", "logg-ut", "oidc", "oppsett", "velg-rolle"];
    read(path).is_some_and(|url| !pages.contains(&url.path().split('/').nth(1).unwrap_or_default()))
}

/// Whether a path, as browsers read it, stays with us.
pub(crate) fn is_here(path: &str) -> bool {
    read(path).is_some()
}

/// A path as browsers read it; none where it leads elsewhere.
fn read(path: &str) -> Option<Url> {
    let is_plain = path.starts_with('/')
        && path.len() <= PATH_BYTES_MAX
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if !is_plain {
        return None;
    }
    let base = Url::parse("https://here.invalid/a/b").ok()?;
    let read = base.join(path).ok()?;
    let leads_away = read.origin() != base.origin() || read.path().starts_with("//");
    (!leads_away).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_ours_are_gone_back_to() {
        for path in ["/", "/tavle", "/opphold/sak%201?fane=b&x=%2F#linje", "/sok?q=https://evil.example/"] {
            assert_eq!(local(Some(path)), path);
        }
    }

    #[test]
    fn what_leads_elsewhere_is_the_start_page() {
        let elsewhere = [
            "",
            "tavle",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "/.//evil.example",
            "/x/..//evil.example",
            "/%0d%0a/../..//evil.example",
            " /tavle",
            "/tavle ",
            "/\u{2028}",
            "@evil.example",
            "/logg-ut",
            "/./logg-ut",
            "/logg-inn?til=/tavle",
            "/oidc/inn",
            "/oppsett/abc",
        ];
        for path in elsewhere {
            assert_eq!(local(Some(path)), "/", "{path:?}");
        }
        assert_eq!(local(None), "/");
        assert_eq!(local(Some(&format!("/{}", "a".repeat(2000)))), "/");
    }
}
