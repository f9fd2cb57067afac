//! What the table of settings is made of.

/// A section of the file: its header and its settings.
#[derive(Debug)]
pub(crate) struct Section {
    /// As it is written: `[store]`, `[[channel]]`.
    pub(crate) header: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) settings: &'static [Setting],
}

/// A setting.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) need: Need,
    pub(crate) doc: &'static str,
    /// As it stands after the equals sign.
    pub(crate) example: &'static str,
    /// The `kind` of section that has it; empty where all have.
    pub(crate) of: &'static str,
}

/// Whether a setting must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
    /// This, in TOML, where it is missing.
    Default(&'static str),
}

/// What a setting may hold.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A string that says something.
    Line,
    /// Any string.
    Text,
    /// Small letters, digits and hyphens, 1 to 64.
    Slug,
    /// Digits, 1 to 10.
    HerId,
    /// One of these.
    Word(&'static [&'static str]),
    /// A whole number from the first to the second, of this unit (a word for the reference).
    Whole(i64, i64, &'static str),
    Switch,
    /// A length of time in words, from the first to the second, in milliseconds.
    Time(u64, u64),
    /// A path, counted from the folder of the configuration.
    Path,
    /// The name of a shipped agreement, or a path that begins with `.` or `/`.
    Agreement,
    /// `{ file = … }` or `{ env = … }`.
    Secret,
    /// An IP address of this machine.
    Address,
    /// An address with one of these schemes, and no password in it.
    Url(&'static [&'static str]),
    /// Where a store lies, without a password.
    Place,
    /// A table of anything that JSON can say.
    Claims,
    List(&'static Shape),
    Table(&'static Section),
    Tables(&'static Section),
}

impl Setting {
    pub(crate) const fn required(
        name: &'static str,
        shape: Shape,
        doc: &'static str,
        example: &'static str,
    ) -> Self {
        Self { name, shape, need: Need::Required, doc, example, of: "" }
    }

    pub(crate) const fn optional(
        name: &'static str,
        shape: Shape,
        doc: &'static str,
        example: &'static str,
    ) -> Self {
        Self { name, shape, need: Need::Optional, doc, example, of: "" }
    }

    /// One that has a default, which is its example too.
    pub(crate) const fn or(
        name: &'static str,
        shape: Shape,
        default: &'static str,
        doc: &'static str,
    ) -> Self {
        Self { name, shape, need: Need::Default(default), doc, example: default, of: "" }
    }

    /// Only in sections of this kind.
    pub(crate) const fn of(self, kind: &'static str) -> Self {
        Self { of: kind, ..self }
    }

    /// With another example than its default.
    pub(crate) const fn such_as(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    /// The section that it is.
    pub(crate) fn section(&self) -> Option<&'static Section> {
        match self.shape {
            Shape::Table(section) | Shape::Tables(section) => Some(section),
            Shape::Line
            | Shape::Text
            | Shape::Slug
            | Shape::HerId
            | Shape::Word(_)
            | Shape::Whole(..)
            | Shape::Switch
            | Shape::Time(..)
            | Shape::Path
            | Shape::Agreement
            | Shape::Secret
            | Shape::Address
            | Shape::Url(_)
            | Shape::Place
            | Shape::Claims
            | Shape::List(_) => None,
        }
    }
}

impl Section {
    pub(crate) const fn new(header: &'static str, doc: &'static str, settings: &'static [Setting]) -> Self {
        Self { header, doc, settings }
    }

    pub(crate) fn setting(&self, name: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }

    /// Whether there may be several.
    pub(crate) fn is_many(&self) -> bool {
        self.header.starts_with("[[")
    }
}

impl Shape {
    /// In words, as in "must be …".
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Line | Self::Text => "a text in quotes".into(),
            Self::Slug => "small letters, digits and hyphens in quotes, 1 to 64".into(),
            Self::HerId => "a HER-id in quotes, 1 to 10 digits".into(),
            Self::Word(words) => format!("one of {}", quoted(words)),
            Self::Whole(least, most, "") => {
                format!("a whole number from {least} to {most}")
            }
            Self::Whole(least, most, unit) => format!("a whole number of {unit} from {least} to {most}"),
            Self::Switch => "true or false".into(),
            Self::Time(least, most) => {
                format!(
                    "a time in quotes, from \"{}\" to \"{}\"",
                    time_in_words(*least),
                    time_in_words(*most)
                )
            }
            Self::Path => "a path in quotes".into(),
            Self::Agreement => {
                "the name of a shipped agreement, or a path that begins with `.` or `/`, in quotes".into()
            }
            Self::Secret => "{ file = \"<path>\" } or { env = \"<NAME>\" }".into(),
            Self::Address => "an IP address in quotes".into(),
            Self::Url(schemes) => format!("an address in quotes that begins with {}", all_of(schemes)),
            Self::Place => "\"sqlite:<path>\" or \"postgres://<user>@<host>/<database>\"".into(),
            Self::Claims => "a table of texts, numbers, true and false, lists and tables".into(),
            Self::List(of) => format!("a list in brackets, each of it {}", of.in_words()),
            Self::Table(section) => format!("a section {}", section.header),
            Self::Tables(section) => format!("sections {}", section.header),
        }
    }
}

/// `30 s`, `5 min`, `24 h`: in the largest unit that it is a whole number of.
pub(crate) fn time_in_words(milliseconds: u64) -> String {
    let units = [(3_600_000, "h"), (60_000, "min"), (1000, "s")];
    let fits =
        units.into_iter().find(|(unit, _)| milliseconds >= *unit && milliseconds.is_multiple_of(*unit));
    match fits {
        Some((unit, name)) => format!("{} {name}", milliseconds / unit),
        None => format!("{milliseconds} ms"),
    }
}

/// `"a", "b"`
pub(crate) fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

fn all_of(schemes: &[&str]) -> String {
    schemes.iter().map(|scheme| format!("{scheme}://")).collect::<Vec<_>>().join(" or ")
}
