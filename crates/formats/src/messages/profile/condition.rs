//! What must hold at a place, as the rule files write it.
//!
//! | written | holds when |
//! |---|---|
//! | `has P` | some P is filled in |
//! | `lacks P` | no P is filled in |
//! | `one P` | exactly one P is filled in |
//! | `is P 7309:N\|M` | every P that is filled in has one of these values |
//! | `not P 7309:M` | no P has one of these values |
//! | `time P` | every P that is filled in has date and time of day |
//! | `date P` | every P that is filled in has at least a date |
//! | `day P` | every P that is filled in is a date without time of day |
//! | `guid P` | every P that is filled in is a GUID |
//! | `differ P Q` | no P has the value of a Q |
//! | `C and C`, `C or C` | as in logic; `and` binds tighter |

use super::path::{Path, Values};
use crate::xml::El;

/// What must hold.
#[derive(Debug)]
pub(super) enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Has(Path),
    Lacks(Path),
    One(Path),
    Is(Path, Values),
    Not(Path, Values),
    Shaped(Path, Shape),
    Differ(Path, Path),
}

/// How a value can be asked to look.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Time,
    Date,
    Day,
    Guid,
}

/// Where a condition doesn't hold, and what stands there, if something does.
pub(super) struct Broken<'d> {
    pub(super) at: El<'d>,
    pub(super) found: Option<String>,
}

impl Condition {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match Self::list(text, " or ")? {
            Some(any) => Ok(Self::Any(any)),
            None => match Self::list(text, " and ")? {
                Some(all) => Ok(Self::All(all)),
                None => Self::one(text),
            },
        }
    }

    fn list(text: &str, word: &str) -> Result<Option<Vec<Self>>, String> {
        if !text.contains(word) {
            return Ok(None);
        }
        text.split(word).map(Self::parse).collect::<Result<_, _>>().map(Some)
    }

    fn one(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let path = |at: usize| Path::parse(words[at]);
        let shaped = |shape| Ok(Self::Shaped(path(1)?, shape));
        match words.as_slice() {
            ["has", _] => Ok(Self::Has(path(1)?)),
            ["lacks", _] => Ok(Self::Lacks(path(1)?)),
            ["one", _] => Ok(Self::One(path(1)?)),
            ["is", _, values] => Ok(Self::Is(path(1)?, Values::parse(values))),
            ["not", _, values] => Ok(Self::Not(path(1)?, Values::parse(values))),
            ["time", _] => shaped(Shape::Time),
            ["date", _] => shaped(Shape::Date),
            ["day", _] => shaped(Shape::Day),
            ["guid", _] => shaped(Shape::Guid),
            ["differ", _, _] => Ok(Self::Differ(path(1)?, path(2)?)),
            _ => Err(format!("not a condition: {text}")),
        }
    }

    /// Whether it holds at an element.
    pub(super) fn holds(&self, at: El<'_>) -> bool {
        self.broken(at).is_none()
    }

    /// Where it doesn't hold; the first place if there are more.
    pub(super) fn broken<'d>(&self, at: El<'d>) -> Option<Broken<'d>> {
        match self {
            Self::All(all) => all.iter().find_map(|condition| condition.broken(at)),
            Self::Any(any) if any.iter().any(|condition| condition.holds(at)) => None,
            Self::Any(any) => any.first().and_then(|condition| condition.broken(at)),
            Self::Has(path) => (!path.is_filled(at)).then(|| missing(path, at)),
            Self::Lacks(path) => path.filled(at).first().map(|place| found(path, *place)),
            Self::One(path) => match path.filled(at).as_slice() {
                [] => Some(missing(path, at)),
                [_] => None,
                [_, second, ..] => Some(Broken { at: *second, found: None }),
            },
            Self::Is(path, values) => first(path, at, |place| !values.hold(path, place)),
            Self::Not(path, values) => first(path, at, |place| values.hold(path, place)),
            Self::Shaped(path, shape) => first(path, at, |place| !shape.fits(&path.value(place))),
            Self::Differ(path, other) => {
                let others = other.places(at);
                first(path, at, |place| others.iter().any(|it| other.value(*it) == path.value(place)))
            }
        }
    }
}

fn missing<'d>(path: &Path, at: El<'d>) -> Broken<'d> {
    Broken { at: path.nearest(at), found: None }
}

fn found<'d>(path: &Path, place: El<'d>) -> Broken<'d> {
    let value = path.value(place);
    Broken { at: place, found: (!value.is_empty()).then(|| value.into_owned()) }
}

fn first<'d>(path: &Path, at: El<'d>, is_wrong: impl Fn(El<'d>) -> bool) -> Option<Broken<'d>> {
    path.filled(at).into_iter().find(|place| is_wrong(*place)).map(|place| found(path, place))
}

impl Shape {
    /// Whether a text looks so. Times aren't checked further than their shape: that is the schema's business.
    fn fits(self, text: &str) -> bool {
        match self {
            Self::Time => starts_with_day(text) && text.as_bytes().get(10) == Some(&b'T'),
            Self::Date => starts_with_day(text),
            Self::Day => starts_with_day(text) && text.as_bytes().get(10) != Some(&b'T'),
            Self::Guid => is_guid(text),
        }
    }
}

fn starts_with_day(text: &str) -> bool {
    text.len() >= 10 && fits_mask(&text.as_bytes()[..10], b"dddd-dd-dd")
}

/// Whether a text is a GUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, in any case, without braces.
fn is_guid(text: &str) -> bool {
    fits_mask(text.as_bytes(), b"hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh")
}

fn fits_mask(text: &[u8], mask: &[u8]) -> bool {
    text.len() == mask.len()
        && text.iter().zip(mask).all(|(letter, kind)| match kind {
            b'd' => letter.is_ascii_digit(),
            b'h' => letter.is_ascii_hexdigit(),
            _ => letter == kind,
        })
}
