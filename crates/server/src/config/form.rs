//! Texts of settings: whether they are what the setting holds, and what they stand for.

use std::{net::IpAddr, path::Path};

use jiff::SignedDuration;
use samspill_store::{CommunityId, Place};
use toml::Value;

use super::{
    mistake::Code,
    shape::{Shape, quoted},
};

/// Why a value isn't taken.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) code: Code,
    pub(super) says: String,
    pub(super) help: String,
}

impl Trouble {
    pub(super) fn range(says: String) -> Self {
        Self { code: Code::OutOfRange, says, help: "write a value within the limits".into() }
    }

    fn form(says: String, help: String) -> Self {
        Self { code: Code::BadForm, says, help }
    }
}

/// Whether the shape is written as a string.
pub(super) fn is_text(shape: &Shape) -> bool {
    match shape {
        Shape::Line
        | Shape::Text
        | Shape::Slug
        | Shape::HerId
        | Shape::Word(_)
        | Shape::Time(..)
        | Shape::Path
        | Shape::Agreement
        | Shape::Address
        | Shape::Url(_)
        | Shape::Place => true,
        Shape::Whole(..)
        | Shape::Switch
        | Shape::Secret
        | Shape::Claims
        | Shape::List(_)
        | Shape::Table(_)
        | Shape::Tables(_) => false,
    }
}

/// What a text stands for: times in milliseconds, paths from the folder of the configuration, others as they are.
pub(super) fn read(name: &str, shape: &Shape, text: &str, base: &Path) -> Result<Value, Trouble> {
    let as_it_is = || Value::String(text.to_owned());
    let when = |fits: bool| {
        let help = format!("write {}", shape.in_words());
        if fits { Ok(as_it_is()) } else { Err(Trouble::form(format!("`{name}` can't be «{text}»"), help)) }
    };
    match shape {
        Shape::Word(words) => one_of(name, words, text),
        Shape::Time(least, most) => time(name, shape, text, *least..=*most),
        Shape::Slug => when(CommunityId::new(text).is_ok()),
        Shape::HerId => {
            when((1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
        }
        Shape::Address => when(text.parse::<IpAddr>().is_ok()),
        Shape::Line => when(!text.trim().is_empty()),
        Shape::Url(schemes) => url(name, shape, schemes, text),
        Shape::Place => place(shape, text, base),
        Shape::Path | Shape::Agreement if text.trim().is_empty() => when(false),
        Shape::Path => Ok(Value::String(resolved(base, text))),
        Shape::Agreement if text.starts_with(['.', '/']) => Ok(Value::String(resolved(base, text))),
        Shape::Agreement | Shape::Text => Ok(as_it_is()),
        Shape::Whole(..)
        | Shape::Switch
        | Shape::Secret
        | Shape::Claims
        | Shape::List(_)
        | Shape::Table(_)
        | Shape::Tables(_) => when(false),
    }
}

/// A path as it is found from anywhere.
pub(super) fn resolved(base: &Path, path: &str) -> String {
    let path = Path::new(path);
    let path = path.strip_prefix("./").unwrap_or(path);
    base.join(path).to_string_lossy().into_owned()
}

fn one_of(name: &str, words: &[&str], text: &str) -> Result<Value, Trouble> {
    if words.contains(&text) {
        return Ok(Value::String(text.to_owned()));
    }
    let says = format!("`{name}` can't be «{text}»");
    let help = format!("write one of {}", quoted(words));
    Err(Trouble { code: Code::NotOneOf, says, help })
}

fn time(
    name: &str,
    shape: &Shape,
    text: &str,
    limits: std::ops::RangeInclusive<u64>,
) -> Result<Value, Trouble> {
    let read = text.parse::<SignedDuration>().ok().filter(|_| text.bytes().next() != Some(b'P'));
    let Some(read) = read else {
        let says = format!("`{name}` can't be «{text}», which is no time");
        return Err(Trouble::form(
            says,
            "write a number and a unit: \"500 ms\", \"30 s\", \"5 min\", \"24 h\"".into(),
        ));
    };
    let milliseconds = u64::try_from(read.as_millis()).ok().filter(|time| limits.contains(time));
    let milliseconds = milliseconds.and_then(|time| i64::try_from(time).ok());
    milliseconds
        .map(Value::Integer)
        .ok_or_else(|| Trouble::range(format!("`{name}` must be {}", shape.in_words())))
}

fn url(name: &str, shape: &Shape, schemes: &[&str], text: &str) -> Result<Value, Trouble> {
    let split = text.split_once("://").filter(|(scheme, _)| schemes.contains(scheme));
    let Some((scheme, rest)) =
        split.filter(|(_, rest)| !rest.is_empty() && !rest.contains(char::is_whitespace))
    else {
        let says = format!("`{name}` is no address");
        return Err(Trouble::form(says, format!("write {}", shape.in_words())));
    };
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.contains('@') {
        return Err(secret_in(name, "write the user and the password as settings of their own"));
    }
    if !scheme.ends_with('s') && !is_this_machine(authority) {
        let says = format!("`{name}` isn't encrypted");
        let code = Code::Exposed;
        return Err(Trouble { code, says, help: format!("begin the address with {scheme}s://") });
    }
    Ok(Value::String(text.to_owned()))
}

fn secret_in(name: &str, help: &str) -> Trouble {
    let says = format!("`{name}` holds a user or a password");
    Trouble { code: Code::SecretInText, says, help: help.to_owned() }
}

fn is_this_machine(authority: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|host| authority.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

fn place(shape: &Shape, text: &str, base: &Path) -> Result<Value, Trouble> {
    let bad =
        || Trouble::form("`place` is no place for a store".to_owned(), format!("write {}", shape.in_words()));
    if let Some(path) = text.strip_prefix("sqlite:") {
        text.parse::<Place>().map_err(|_| bad())?;
        let path = path.strip_prefix("//").unwrap_or(path);
        return Ok(Value::String(format!("sqlite:{}", resolved(base, path))));
    }
    let user = text.split_once("://").map(|(_, rest)| rest.rsplit_once('@').map_or("", |(user, _)| user));
    if user.is_some_and(|user| user.contains(':')) || text.contains("password=") {
        return Err(secret_in("place", "write password = { file = \"<path>\" } in [store]"));
    }
    text.parse::<Place>().map_err(|_| bad())?;
    Ok(Value::String(text.to_owned()))
}
