use axum::http::{HeaderMap, HeaderValue, header::COOKIE};

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cookie<'c> {
    /// Whose session it is.
    Session,
    /// What the form for logging in must bring back.
    Form,
    /// A login that is under way at the provider: its state.
    Flow(&'c str),
    /// Who logs out, for the provider.
    Hint,
}

/// How cookies are named and guarded.
///
/// Over TLS their names begin with `__Host-`: then a browser takes them from this host alone, over TLS alone and for all of it, so that
/// no neighbour can plant one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cookies {
    /// Over TLS.
    Guarded,
    /// On this machine without TLS, for a demo.
    Open,
}

/// Signs of a state that stand in the name of its cookie.
const STATE_SIGNS: usize = 8;

impl Cookies {
    fn name(self, cookie: Cookie<'_>) -> String {
        let name = match cookie {
            Cookie::Session => "samspill".to_owned(),
            Cookie::Form => "samspill-inn".to_owned(),
            Cookie::Flow(state) => format!("samspill-flyt-{}", short(state)),
            Cookie::Hint => "samspill-ut".to_owned(),
        };
        match self {
            Self::Guarded => format!("__Host-{name}"),
            Self::Open => name,
        }
    }

    /// The header that sets a cookie, for so many seconds or until the browser is closed. The value must be base64url or empty.
    pub(super) fn set(self, cookie: Cookie<'_>, value: &str, seconds: Option<i64>) -> Option<HeaderValue> {
        let secure = match self {
            Self::Guarded => "; Secure",
            Self::Open => "",
        };
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let name = self.name(cookie);
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
    }

    /// The header that takes a cookie away.
    pub(super) fn gone(self, cookie: Cookie<'_>) -> Option<HeaderValue> {
        self.set(cookie, "", Some(0))
    }

    /// The value of a cookie. None if it is there twice: one of them isn't ours, and nobody knows which.
    pub(super) fn read(self, headers: &HeaderMap, cookie: Cookie<'_>) -> Option<String> {
        let name = self.name(cookie);
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut ours = pairs.filter(|(found, _)| *found == name).map(|(_, value)| value);
        let value = ours.next().filter(|_| ours.next().is_none())?;
        let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        (is_plain && !value.is_empty()).then(|| value.to_owned())
    }
}

fn short(state: &str) -> String {
    state
        .chars()
        .filter(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_'))
        .take(STATE_SIGNS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cookies: Cookies, line: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(line).unwrap());
        cookies.read(&headers, Cookie::Session)
    }

    #[test]
    fn a_session_over_tls_is_read_from_the_guarded_name_alone() {
        assert_eq!(read(Cookies::Guarded, "a=b; __Host-samspill=abc").as_deref(), Some("abc"));
        assert_eq!(read(Cookies::Guarded, "samspill=abc"), None);
        assert_eq!(read(Cookies::Guarded, "__host-samspill=abc"), None);
        assert_eq!(read(Cookies::Open, "samspill=abc").as_deref(), Some("abc"));
    }

    #[test]
    fn a_cookie_that_is_there_twice_or_not_plain_is_none() {
        assert_eq!(read(Cookies::Guarded, "__Host-samspill=a; __Host-samspill=b"), None);
        assert_eq!(read(Cookies::Guarded, "__Host-samspill="), None);
        assert_eq!(read(Cookies::Guarded, "__Host-samspill=a\"b"), None);
    }

    #[test]
    fn cookies_are_kept_from_scripts_and_from_other_sites() {
        let text = |cookies: Cookies| cookies.set(Cookie::Session, "abc", None).unwrap();
        assert_eq!(text(Cookies::Guarded), "__Host-samspill=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(text(Cookies::Open), "samspill=abc; Path=/; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn a_state_can_add_nothing_to_the_name_of_a_cookie() {
        let name = Cookies::Guarded.name(Cookie::Flow("a=;\r\n b_-cdefghi"));
        assert_eq!(name, "__Host-samspill-flyt-ab_-cdef");
    }
}
