//! An address in parts, as libpq takes it apart: a plus is a plus, and what stands for something else is written with a percent sign.

use percent_encoding::percent_decode_str;

/// What stands in an address, decoded. Parts that aren't there are empty.
#[derive(Default)]
pub(super) struct Uri {
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) host: String,
    pub(super) port: String,
    pub(super) database: String,
    /// What stands after the question mark, in order.
    pub(super) keys: Vec<(String, String)>,
}

impl Uri {
    /// Takes an address apart. `None` for what is none; so is one in which a letter of a password that has to be written with a percent sign
    /// would be taken for the end of it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("postgresql://").or_else(|| text.strip_prefix("postgres://"))?;
        let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = before.split_once('/').unwrap_or((before, ""));
        if database.contains('@') {
            return None;
        }
        let (login, end) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = match login.split_once(':') {
            Some((user, password)) => (user, Some(decoded(password)?)),
            None => (login, None),
        };
        let (host, port) = host_and_port(end)?;
        Some(Self {
            user: decoded(user)?,
            password,
            host: decoded(host)?,
            port: port.to_owned(),
            database: decoded(database)?,
            keys: keys(query)?,
        })
    }
}

/// A number of a machine that has colons itself stands in brackets.
fn host_and_port(text: &str) -> Option<(&str, &str)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        return if port.is_empty() { Some((host, "")) } else { Some((host, port.strip_prefix(':')?)) };
    }
    Some(text.split_once(':').unwrap_or((text, "")))
}

fn keys(query: &str) -> Option<Vec<(String, String)>> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    let key =
        |part: &str| part.split_once('=').and_then(|(key, value)| Some((decoded(key)?, decoded(value)?)));
    parts.map(key).collect()
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart_as_libpq_does() {
        let uri = Uri::read("postgres://ola:a%2Fb+c@[::1]:7/d%20e?options=-c%20a=b+c&x=").unwrap();
        assert_eq!((uri.user.as_str(), uri.password.as_deref()), ("ola", Some("a/b+c")));
        assert_eq!((uri.host.as_str(), uri.port.as_str(), uri.database.as_str()), ("::1", "7", "d e"));
        let keys: Vec<_> = uri.keys.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(keys, [("options", "-c a=b+c"), ("x", "")]);
        assert_eq!(Uri::read("postgresql://%2Frun%2Fpg").unwrap().host, "/run/pg");
    }

    #[test]
    fn what_would_put_a_password_where_it_is_shown_is_none() {
        for text in ["postgres://ola:12/34@db/d", "postgres://ola:12?34@db/d", "postgres:ola", "mysql://db/d"]
        {
            assert!(Uri::read(text).is_none(), "{text}");
        }
    }
}
