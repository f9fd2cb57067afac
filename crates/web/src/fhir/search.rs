//! What a search asks for.

use axum::{
    extract::{FromRequest, Request},
    http::Method,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use samspill_formats::messages::norway;

use crate::api::{Body, Problem, encoded, is_of};

/// Resources on a page if nobody says, and at the most.
const COUNT_DEFAULT: usize = 50;
const COUNT_MAX: usize = 500;

/// What a search came with: the parameters of the address; where it was sent to `_search`, those of the form in its body too, so that
/// nobody's number or name has to stand in an address.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent(Vec<(String, String)>);

impl Sent {
    fn read(form: &[u8]) -> Result<Self, Problem> {
        let read = serde_html_form::from_bytes(form);
        read.map(Self).map_err(|error| Problem::parameter("query", error.to_string()))
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Self(mut all) = Self::read(request.uri().query().unwrap_or_default().as_bytes())?;
        if request.method() == Method::POST {
            is_of(request.headers(), &["application/x-www-form-urlencoded"])?;
            let Body(bytes) = Body::from_request(request, state).await?;
            all.extend(Self::read(&bytes)?.0);
        }
        Ok(Self(all))
    }
}

/// The parameters of a search, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    parameters: Vec<(String, String)>,
}

impl Asked {
    /// Reads what a search came with.
    ///
    /// # Errors
    ///
    /// A parameter that isn't among those that are known, as `Prefer: handling=strict` would have it: a search that left something out would
    /// give too much.
    pub(super) fn read(Sent(parameters): Sent, known: &[&str]) -> Result<Self, Problem> {
        let everywhere = ["_id", "_count", "_lastUpdated", "_format", "_cursor"];
        let strange = parameters
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()) && !everywhere.contains(&name.as_str()));
        match strange {
            Some((name, _)) => {
                let says = format!(
                    "it is no parameter of this search: they are {}, {}",
                    known.join(", "),
                    everywhere.join(", ")
                );
                Err(Problem::parameter(name, says))
            }
            None => Ok(Self { parameters }),
        }
    }

    /// The first value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(it, value)| it == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Whether one of the values that are asked for is this; nothing asked for is anything.
    pub(super) fn takes(&self, name: &str, fits: impl Fn(&str) -> bool) -> bool {
        let mut said = self.parameters.iter().filter(|(it, _)| it == name);
        said.all(|(_, values)| values.split(',').any(&fits))
    }

    /// Whether a reference that is asked for is this id: `Patient/1`, `1` or an address that ends so.
    pub(super) fn refers(&self, name: &str, kind: &str, id: Option<&str>) -> bool {
        let Some(id) = id else { return self.get(name).is_none() };
        let whole = format!("{kind}/{id}");
        self.takes(name, |asked| asked == id || asked == whole || asked.ends_with(&format!("/{whole}")))
    }

    /// Whether a token that is asked for is this code: `code`, `system|code` or `|code`.
    pub(super) fn is_code(&self, name: &str, system: &str, code: &str) -> bool {
        self.takes(name, |asked| match asked.split_once('|') {
            Some((asked_system, asked_code)) => {
                asked_code == code && (asked_system.is_empty() || asked_system == system)
            }
            None => asked == code,
        })
    }

    /// Whether one of some words begins as is asked for, whichever letters are large.
    pub(super) fn begins(&self, name: &str, words: &[&str]) -> bool {
        let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        self.takes(name, |asked| {
            let asked = asked.trim().to_lowercase();
            words.iter().any(|word| word.starts_with(&asked))
        })
    }

    /// Whether a day is within all bounds that are asked for.
    ///
    /// # Errors
    ///
    /// What is no date or time.
    pub(super) fn on(&self, name: &str, day: Option<Date>) -> Result<bool, Problem> {
        let noon = day.and_then(|day| day.at(12, 0, 0, 0).to_zoned(norway()).ok());
        self.at(name, noon.map(|at| at.timestamp()))
    }

    /// Whether a time is within all bounds that are asked for.
    ///
    /// # Errors
    ///
    /// What is no date or time.
    pub(super) fn at(&self, name: &str, at: Option<Timestamp>) -> Result<bool, Problem> {
        let mut fits = true;
        for (_, value) in self.parameters.iter().filter(|(it, _)| it == name) {
            let bound = Bound::read(value).ok_or_else(|| {
                Problem::parameter(
                    name,
                    "write a day or a time, with ge, gt, le, lt or eq before it: ge2025-03-28",
                )
            })?;
            fits &= at.is_some_and(|at| bound.takes(at));
        }
        Ok(fits)
    }

    /// How many a page has.
    ///
    /// # Errors
    ///
    /// What is no number.
    pub(super) fn count(&self) -> Result<usize, Problem> {
        let Some(text) = self.get("_count") else { return Ok(COUNT_DEFAULT) };
        let count: usize = text.parse().map_err(|_| Problem::parameter("_count", "write a number"))?;
        Ok(count.min(COUNT_MAX))
    }

    /// The address of the search itself, with another cursor or with the one that it has.
    pub(super) fn address(&self, cursor: Option<&str>) -> String {
        let kept = self.parameters.iter().filter(|(name, _)| cursor.is_none() || name != "_cursor");
        let mut all: Vec<String> =
            kept.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        all.extend(cursor.map(|cursor| format!("_cursor={cursor}")));
        all.join("&")
    }
}

/// A bound of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bound {
    prefix: Prefix,
    /// The first instant that the text means, and the first one after it.
    span: (Timestamp, Timestamp),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prefix {
    Equal,
    NotEqual,
    AtLeast,
    After,
    AtMost,
    Before,
}

impl Bound {
    fn read(text: &str) -> Option<Self> {
        let prefixes = [
            ("eq", Prefix::Equal),
            ("ne", Prefix::NotEqual),
            ("ge", Prefix::AtLeast),
            ("sa", Prefix::After),
            ("gt", Prefix::After),
            ("le", Prefix::AtMost),
            ("eb", Prefix::Before),
            ("lt", Prefix::Before),
        ];
        let found = prefixes.iter().find_map(|(word, prefix)| Some((*prefix, text.strip_prefix(word)?)));
        let (prefix, rest) = found.unwrap_or((Prefix::Equal, text));
        Some(Self { prefix, span: span(rest, &norway())? })
    }

    /// Equal to the bound is within `ge` and `le`.
    fn takes(self, at: Timestamp) -> bool {
        let (first, after) = self.span;
        let within = first <= at && at < after;
        match self.prefix {
            Prefix::Equal => within,
            Prefix::NotEqual => !within,
            Prefix::AtLeast => at >= first,
            Prefix::After => at >= after,
            Prefix::AtMost => at < after,
            Prefix::Before => at < first,
        }
    }
}

/// The instants that a date or a time means. A day is the day in this zone, a time the second that it says.
fn span(text: &str, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some((at, at.checked_add(jiff::SignedDuration::from_secs(1)).ok()?));
    }
    let (first, after) = match text.len() {
        4 => {
            let first = Date::new(text.parse().ok()?, 1, 1).ok()?;
            (first, first.checked_add(jiff::Span::new().years(1)).ok()?)
        }
        7 => {
            let first: Date = format!("{text}-01").parse().ok()?;
            (first, first.checked_add(jiff::Span::new().months(1)).ok()?)
        }
        _ => {
            let first: Date = text.parse().ok()?;
            (first, first.tomorrow().ok()?)
        }
    };
    let start = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp());
    Some((start(first)?, start(after)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(bound: &str, at: &str) -> bool {
        Bound::read(bound).unwrap().takes(at.parse().unwrap())
    }

    #[test]
    fn a_day_is_the_day_in_norway_and_its_limits_are_within() {
        // The clocks go forward this night: the day has 23 hours.
        let rows = [
            ("2025-03-30", "2025-03-29T22:59:59Z", false),
            ("2025-03-30", "2025-03-29T23:00:00Z", true),
            ("2025-03-30", "2025-03-30T21:59:59Z", true),
            ("2025-03-30", "2025-03-30T22:00:00Z", false),
            ("ge2025-03-30", "2025-03-29T23:00:00Z", true),
            ("gt2025-03-30", "2025-03-30T21:59:59Z", false),
            ("gt2025-03-30", "2025-03-30T22:00:00Z", true),
            ("le2025-03-30", "2025-03-30T21:59:59Z", true),
            ("lt2025-03-30", "2025-03-29T23:00:00Z", false),
            ("lt2025-03-30", "2025-03-29T22:59:59Z", true),
            ("ne2025-03-30", "2025-03-30T12:00:00Z", false),
            ("2025", "2025-12-31T22:59:59Z", true),
            ("2025-02", "2025-02-28T23:00:00Z", false),
            ("ge2025-03-30T12:00:00+02:00", "2025-03-30T10:00:00Z", true),
            ("lt2025-03-30T12:00:00+02:00", "2025-03-30T10:00:00Z", false),
        ];
        for (bound, at, expected) in rows {
            assert_eq!(takes(bound, at), expected, "{bound} {at}");
        }
        for bad in ["", "x", "2025-13", "ge", "30.03.2025"] {
            assert!(Bound::read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn several_values_are_any_of_them_and_several_parameters_all_of_them() {
        let read = |form: &str, known: &[&str]| Asked::read(Sent::read(form.as_bytes()).unwrap(), known);
        let asked = read("status=a,b&code=s|x", &["status", "code"]).unwrap();
        assert!(asked.is_code("status", "", "b") && !asked.is_code("status", "", "c"));
        assert!(asked.is_code("code", "s", "x") && !asked.is_code("code", "t", "x"));
        assert!(asked.is_code("absent", "", "anything"));
        assert!(read("unknown=1", &["status"]).is_err());
        let named = read("name=ås,LI&birthdate=ge1940", &["name", "birthdate"]).unwrap();
        assert!(named.begins("name", &["Liv", "Vik"]) && named.begins("name", &["Åse"]));
        assert!(!named.begins("name", &["Oliv"]) && !named.begins("name", &[]));
        let born = |day: &str| named.on("birthdate", Some(day.parse().unwrap())).unwrap();
        assert!(born("1940-01-01") && !born("1939-12-31") && !named.on("birthdate", None).unwrap());
    }
}
