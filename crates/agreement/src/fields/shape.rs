/// A section of a file: its header and the keys it may hold.
#[derive(Debug)]
pub(crate) struct Section {
    /// As it is written: `[[duty]]`, `[meter.from]`.
    pub(crate) header: &'static str,
    /// What it is, for people who have never seen TOML.
    pub(crate) doc: &'static str,
    /// The keys.
    pub(crate) fields: &'static [Field],
    /// What keys with names of the writer's own choice hold, where there may be such.
    pub(crate) others: Option<&'static Section>,
    /// What must hold between the keys, in words for the reference.
    pub(crate) note: &'static str,
}

/// A key of a section.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) need: Need,
    pub(crate) doc: &'static str,
    /// As it stands in a file after the equals sign; the section's header where it is a section of its own.
    pub(crate) example: &'static str,
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
    /// Optional, and this where it is missing.
    Default(&'static str),
}

/// What a key may hold.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A text for people: a string, or a table with `nb`, `nn`, `en`.
    Text,
    /// A string that must say something.
    Line,
    /// Where a rule stands.
    Clause,
    /// The id of the thing itself.
    Id,
    /// The id of a thing of this sort: `kind`, `fact`.
    Name(&'static str),
    Condition,
    Deadline,
    Amount,
    Day,
    Money,
    Bool,
    Whole(i64, i64),
    Date,
    Word(&'static [&'static str]),
    /// A string, a number or yes/no.
    Scalar,
    List(&'static Shape),
    OneOrMore(&'static Shape),
    /// Keys of the writer's own choice.
    Map(&'static Shape),
    Either(&'static [Shape]),
    Table(&'static Section),
    Tables(&'static Section),
}

impl Field {
    pub(crate) const fn required(
        name: &'static str,
        shape: Shape,
        doc: &'static str,
        example: &'static str,
    ) -> Self {
        Self { name, shape, need: Need::Required, doc, example }
    }

    pub(crate) const fn optional(
        name: &'static str,
        shape: Shape,
        doc: &'static str,
        example: &'static str,
    ) -> Self {
        Self { name, shape, need: Need::Optional, doc, example }
    }

    pub(crate) const fn or(
        name: &'static str,
        shape: Shape,
        default: &'static str,
        doc: &'static str,
        example: &'static str,
    ) -> Self {
        Self { name, shape, need: Need::Default(default), doc, example }
    }
}

impl Field {
    /// Whether it is written as a section of its own, not after an equals sign.
    pub(crate) fn is_section(&self) -> bool {
        let headed = self.shape.sections().iter().any(|section| section.header.starts_with('['));
        headed && self.example.starts_with('[') && !self.example.contains('=')
    }
}

impl Section {
    pub(crate) const fn new(header: &'static str, doc: &'static str, fields: &'static [Field]) -> Self {
        Self { header, doc, fields, others: None, note: "" }
    }

    pub(crate) const fn noting(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Shape {
    /// In words, as in "must be …".
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Text => "a text in quotes, or { nb = \"…\", nn = \"…\", en = \"…\" }".into(),
            Self::Line | Self::Clause => "a text in quotes".into(),
            Self::Id => "an id in quotes".into(),
            Self::Name(sort) => format!("the id of a {sort}, in quotes"),
            Self::Condition => "a condition in quotes".into(),
            Self::Deadline => "a deadline in quotes".into(),
            Self::Amount => "an amount of time in quotes".into(),
            Self::Day => "a day in quotes".into(),
            Self::Money => "an amount in quotes, such as \"4000.00\"".into(),
            Self::Bool => "true or false".into(),
            Self::Whole(least, most) if *most == i64::MAX => format!("a whole number from {least} on"),
            Self::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Self::Date => "a date without quotes: 2023-06-01".into(),
            Self::Word(words) => format!("one of {}", quoted(words)),
            Self::Scalar => "a text, a number, or true or false".into(),
            Self::List(of) => format!("a list, each of it {}", of.in_words()),
            Self::OneOrMore(of) => format!("{}, or a list of such", of.in_words()),
            Self::Map(of) => format!("a table {{ name = … }}, each {}", of.in_words()),
            Self::Either(shapes) => shapes.iter().map(Self::in_words).collect::<Vec<_>>().join("; or "),
            Self::Table(section) => format!("a section {}", section.header),
            Self::Tables(section) => format!("sections {}", section.header),
        }
    }

    /// The sections inside it.
    pub(crate) fn sections(&self) -> Vec<&'static Section> {
        match self {
            Self::Table(section) | Self::Tables(section) => vec![section],
            Self::List(of) | Self::OneOrMore(of) | Self::Map(of) => of.sections(),
            Self::Either(shapes) => shapes.iter().flat_map(Self::sections).collect(),
            Self::Text
            | Self::Line
            | Self::Clause
            | Self::Id
            | Self::Name(_)
            | Self::Condition
            | Self::Deadline
            | Self::Amount
            | Self::Day
            | Self::Money
            | Self::Bool
            | Self::Whole(..)
            | Self::Date
            | Self::Word(_)
            | Self::Scalar => Vec::new(),
        }
    }
}

/// `"a", "b"`
pub(crate) fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}
