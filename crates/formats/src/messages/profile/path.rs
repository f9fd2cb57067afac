//! Ways to places in a message, as the rule files write them.
//!
//! `MsgInfo/Patient/Ident[TypeId=8116:FNR|DNR]/Id`: local names from an element inwards. `//` before a name means at any
//! depth. In brackets stands what must be so for an element to count: `[P]` P is filled in, `[!P]` it isn't, `[P=A|B]` the
//! value of P is one of these, `[P!=A|B]` it is none of them. `8116:` before values names the table they are of; a code that
//! names another table doesn't count, one that names none does. `@S` at the end means that attribute.

use crate::xml::{Attribute, Content, El};

/// A way to places. Written in the rule files, parsed once.
#[derive(Debug)]
pub(super) struct Path {
    steps: Vec<Step>,
    attribute: Option<String>,
}

#[derive(Debug)]
struct Step {
    name: String,
    reach: Reach,
    filters: Vec<Filter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Child,
    Anywhere,
}

#[derive(Debug)]
enum Filter {
    Filled(Path),
    Empty(Path),
    Is(Path, Values),
    IsNot(Path, Values),
}

/// Values that are meant, of one table or of none in particular.
#[derive(Debug)]
pub(super) struct Values {
    table: Option<String>,
    values: Vec<String>,
}

impl Path {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (way, attribute) = match text.rsplit_once('@') {
            Some((way, name)) if !name.contains([']', '/']) => (way, Some(name.to_owned())),
            Some(_) | None => (text, None),
        };
        let mut steps = Vec::new();
        let mut reach = Reach::Child;
        for part in split_outside(way, '/') {
            if part.is_empty() {
                reach = Reach::Anywhere;
                continue;
            }
            steps.push(Step::parse(part, reach)?);
            reach = Reach::Child;
        }
        Ok(Self { steps, attribute })
    }

    /// The places, in the order of the document, until `visit` says that it has seen enough. Whether it did.
    fn walk<'d>(&self, from: El<'d>, visit: &mut dyn FnMut(El<'d>) -> bool) -> bool {
        walk_steps(&self.steps, from, visit)
    }

    /// The places that are filled in.
    pub(super) fn filled<'d>(&self, from: El<'d>) -> Vec<El<'d>> {
        let mut found = Vec::new();
        self.walk(from, &mut |element| {
            if self.is_filled_at(element) {
                found.push(element);
            }
            false
        });
        found
    }

    /// The places, filled in or not.
    pub(super) fn places<'d>(&self, from: El<'d>) -> Vec<El<'d>> {
        let mut found = Vec::new();
        self.walk(from, &mut |element| {
            found.push(element);
            false
        });
        found
    }

    /// Whether any place is filled in.
    pub(super) fn is_filled(&self, from: El<'_>) -> bool {
        self.walk(from, &mut |element| self.is_filled_at(element))
    }

    fn is_filled_at(&self, element: El<'_>) -> bool {
        match &self.attribute {
            Some(name) => element.attribute(name).is_some_and(|value| !value.trim_ascii().is_empty()),
            None => is_filled(element),
        }
    }

    /// What stands at a place: the attribute that is meant, else `@V`, else the text.
    pub(super) fn value<'d>(&self, place: El<'d>) -> std::borrow::Cow<'d, str> {
        match &self.attribute {
            Some(name) => place.attribute(name).unwrap_or_default().into(),
            None => place.attribute("V").map_or_else(|| place.text(), Into::into),
        }
    }

    /// The innermost element that is there along the way, conditions left aside: where something is missing.
    pub(super) fn nearest<'d>(&self, from: El<'d>) -> El<'d> {
        let mut here = from;
        for step in &self.steps {
            let next = match step.reach {
                Reach::Child => here.child(&step.name),
                Reach::Anywhere => None,
            };
            match next {
                Some(element) => here = element,
                None => return here,
            }
        }
        here
    }
}

/// Whether an element says anything: an attribute or text that isn't empty, in it or within.
fn is_filled(element: El<'_>) -> bool {
    let says = |it: Attribute<'_>| !it.value.trim_ascii().is_empty() && it.space.is_empty();
    element.attributes().any(says)
        || element.contents().any(|content| match content {
            Content::Text(text) => !text.trim_ascii().is_empty(),
            Content::Element(inner) => is_filled(inner),
        })
}

fn walk_steps<'d>(steps: &[Step], from: El<'d>, visit: &mut dyn FnMut(El<'d>) -> bool) -> bool {
    let Some((step, rest)) = steps.split_first() else { return visit(from) };
    for child in from.children() {
        if step.counts(child) && walk_steps(rest, child, visit) {
            return true;
        }
        if step.reach == Reach::Anywhere && walk_steps(steps, child, visit) {
            return true;
        }
    }
    false
}

impl Step {
    fn parse(text: &str, reach: Reach) -> Result<Self, String> {
        let (name, mut rest) = match text.find('[') {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        let mut filters = Vec::new();
        while let Some(inner) = rest.strip_prefix('[') {
            let end = closing(inner).ok_or_else(|| format!("no ] in {text}"))?;
            filters.push(Filter::parse(&inner[..end])?);
            rest = &inner[end + 1..];
        }
        match (name.is_empty(), rest.is_empty()) {
            (false, true) => Ok(Self { name: name.to_owned(), reach, filters }),
            (true, _) | (_, false) => Err(format!("not a step: {text}")),
        }
    }

    fn counts(&self, element: El<'_>) -> bool {
        element.local() == self.name && self.filters.iter().all(|filter| filter.holds(element))
    }
}

impl Filter {
    fn parse(text: &str) -> Result<Self, String> {
        if let Some(empty) = text.strip_prefix('!') {
            return Ok(Self::Empty(Path::parse(empty)?));
        }
        match text.split_once("!=").map(|it| (it, true)).or(text.split_once('=').map(|it| (it, false))) {
            Some(((path, values), true)) => Ok(Self::IsNot(Path::parse(path)?, Values::parse(values))),
            Some(((path, values), false)) => Ok(Self::Is(Path::parse(path)?, Values::parse(values))),
            None => Ok(Self::Filled(Path::parse(text)?)),
        }
    }

    fn holds(&self, element: El<'_>) -> bool {
        match self {
            Self::Filled(path) => path.is_filled(element),
            Self::Empty(path) => !path.is_filled(element),
            Self::Is(path, values) => path.walk(element, &mut |place| values.hold(path, place)),
            Self::IsNot(path, values) => !path.walk(element, &mut |place| values.hold(path, place)),
        }
    }
}

impl Values {
    pub(super) fn parse(text: &str) -> Self {
        let (table, values) = match text.split_once(':') {
            Some((table, values)) => (Some(table.to_owned()), values),
            None => (None, text),
        };
        Self { table, values: values.split('|').map(str::to_owned).collect() }
    }

    /// Whether what stands at a place is one of the values, and of the table if it names one.
    pub(super) fn hold(&self, path: &Path, place: El<'_>) -> bool {
        let value = path.value(place);
        self.values.iter().any(|known| known == value.as_ref()) && self.is_of_table(place)
    }

    fn is_of_table(&self, place: El<'_>) -> bool {
        let named = place.attribute("S").unwrap_or_default();
        self.table.as_deref().is_none_or(|table| {
            named.is_empty() || named.rsplit_once('.').is_some_and(|(_, last)| last == table)
        })
    }
}

/// Where the bracket that is open before `text` closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(at, letter)| match letter {
        ']' if depth == 0 => Some(at),
        ']' => {
            depth -= 1;
            None
        }
        '[' => {
            depth += 1;
            None
        }
        _ => None,
    })
}

/// The parts between a separator that stands outside brackets.
fn split_outside(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut from) = (0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ if letter == separator && depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}
