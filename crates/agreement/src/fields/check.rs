use super::{Field, Need, Section, Shape, shape::quoted};
use crate::{
    diagnostic::{Code, Report, did_you_mean},
    source::Spot,
    syntax::{Item, Node, Table},
};

/// A clause, an id or a short line may have this many letters.
const LINE_LETTERS_MAX: usize = 400;
/// A sentence, a reading, a deadline or a condition may have this many letters.
const TEXT_LETTERS_MAX: usize = 4000;

/// Checks keys and types of a section and all in it: unknown keys, wrong types, missing keys.
pub(crate) fn check(section: &'static Section, table: &Table, report: &mut Report) {
    Checker { report }.section(section, table, table.spot);
}

struct Checker<'r> {
    report: &'r mut Report,
}

impl Checker<'_> {
    fn section(&mut self, section: &'static Section, table: &Table, header: Spot) {
        for entry in &table.entries {
            match (section.field(&entry.key.name), section.others) {
                (Some(field), _) => self.value(field, &field.shape, &entry.node),
                (None, Some(others)) if matches!(entry.node.item, Item::Table(_)) => {
                    self.id(&entry.key.name, entry.key.spot);
                    self.inner(others, &entry.node);
                }
                (None, _) => self.unknown_key(section, table, &entry.key.name, entry.key.spot),
            }
        }
        for field in section.fields {
            if field.need == Need::Required && table.get(field.name).is_none() {
                self.missing(section, field, table, header);
            }
        }
    }

    fn unknown_key(&mut self, section: &Section, table: &Table, name: &str, spot: Spot) {
        let names = section.fields.iter().map(|field| field.name);
        let near = did_you_mean(name, names.clone());
        let near_section = section.fields.iter().find(|field| Some(field.name) == near && field.is_section());
        let help = match near {
            Some(_) if near_section.is_some_and(|field| field.example.starts_with("[[")) => {
                format!("did you mean {}?", near_section.map_or("", |field| field.example))
            }
            Some(near) if table.get(near).is_some() => {
                format!("`{near}` stands here already: remove one of the two")
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its keys are {}", names.collect::<Vec<_>>().join(", ")),
        };
        let message = if name.is_empty() {
            format!("a key without a name in {}", section.header)
        } else {
            format!("{} knows no key `{name}`", section.header)
        };
        self.report.error(Code::UnknownKey, spot, message).help(help);
    }

    fn missing(&mut self, section: &Section, field: &Field, table: &Table, header: Spot) {
        let which = table.str("id").map(|id| format!(" \"{id}\"")).unwrap_or_default();
        let help = if field.example.starts_with('[') && field.is_section() {
            format!("add a section {}", field.example)
        } else {
            format!("write {} = {}", field.name, field.example)
        };
        self.report
            .error(Code::MissingKey, header, format!("{}{which} needs `{}`", section.header, field.name))
            .help(help);
    }

    fn value(&mut self, field: &Field, shape: &'static Shape, node: &Node) {
        match (shape, &node.item) {
            (Shape::Text, _) => self.text(field, node),
            (Shape::Line | Shape::Clause | Shape::Name(_), Item::Str(text, _)) => {
                self.line(field, text, node.spot, LINE_LETTERS_MAX);
            }
            (
                Shape::Condition | Shape::Deadline | Shape::Amount | Shape::Day | Shape::Money,
                Item::Str(text, _),
            ) => {
                self.line(field, text, node.spot, TEXT_LETTERS_MAX);
            }
            (Shape::Id, Item::Str(text, _)) => self.id(text, node.spot),
            (Shape::Word(words), Item::Str(text, _)) => self.word(field, words, text, node.spot),
            (Shape::Whole(least, most), Item::Int(number)) if (least..=most).contains(&number) => {}
            (Shape::Date, Item::Datetime(time)) if time.date.is_some() && time.time.is_none() => {}
            (Shape::Bool, Item::Bool(_))
            | (Shape::Scalar, Item::Str(..) | Item::Int(_) | Item::Float(_) | Item::Bool(_)) => {}
            (Shape::List(of), Item::List(items)) => items.iter().for_each(|item| self.value(field, of, item)),
            (Shape::OneOrMore(of), _) => node.items().iter().for_each(|item| self.value(field, of, item)),
            (Shape::Map(of), Item::Table(table)) => {
                table.entries.iter().for_each(|entry| self.value(field, of, &entry.node));
            }
            (Shape::Either(shapes), _) => self.either(field, shapes, node),
            (Shape::Table(section) | Shape::Tables(section), Item::Table(_)) => self.inner(section, node),
            (Shape::Tables(_), Item::List(items)) if items.iter().all(|item| item.as_table().is_some()) => {
                for item in items {
                    self.value(field, shape, item);
                }
            }
            _ => self.wrong_type(field, node),
        }
    }

    fn inner(&mut self, section: &'static Section, node: &Node) {
        if let Some(table) = node.as_table() {
            self.section(section, table, node.spot);
        }
    }

    /// The first shape that fits the sort of value; its own mistakes are then reported.
    fn either(&mut self, field: &Field, shapes: &'static [Shape], node: &Node) {
        match shapes.iter().find(|shape| shape.takes(&node.item)) {
            Some(shape) => self.value(field, shape, node),
            None => self.wrong_type(field, node),
        }
    }

    fn wrong_type(&mut self, field: &Field, node: &Node) {
        let message =
            format!("`{}` must be {}; here is {}", field.name, field.shape.in_words(), node.sort_in_words());
        let help = if field.is_section() {
            format!("begin it with a line {}", field.example)
        } else {
            format!("for example {} = {}", field.name, field.example)
        };
        self.report.error(Code::WrongType, node.spot, message).help(help);
    }

    fn text(&mut self, field: &Field, node: &Node) {
        match &node.item {
            Item::Str(text, _) => self.line(field, text, node.spot, TEXT_LETTERS_MAX),
            Item::Table(table) => self.languages(field, table, node),
            Item::Int(_) | Item::Float(_) | Item::Bool(_) | Item::Datetime(_) | Item::List(_) => {
                self.wrong_type(field, node);
            }
        }
    }

    fn languages(&mut self, field: &Field, table: &Table, node: &Node) {
        for entry in &table.entries {
            match (entry.key.name.as_str(), &entry.node.item) {
                ("nb" | "nn" | "en", Item::Str(text, _)) => {
                    self.line(field, text, entry.node.spot, TEXT_LETTERS_MAX);
                }
                ("nb" | "nn" | "en", _) => self.wrong_type(field, &entry.node),
                (other, _) => {
                    let message = format!("`{}` has no language `{other}`", field.name);
                    self.report
                        .error(Code::UnknownKey, entry.key.spot, message)
                        .help("the languages are nb, nn and en");
                }
            }
        }
        if table.get("nb").is_none() {
            let message = format!("`{}` needs `nb`: every text exists in bokmål", field.name);
            self.report.error(Code::MissingKey, node.spot, message).help("add nb = \"…\"");
        }
    }

    fn line(&mut self, field: &Field, text: &str, spot: Spot, letters_max: usize) {
        if text.trim().is_empty() {
            self.report
                .error(Code::EmptyText, spot, format!("`{}` is empty", field.name))
                .help(format!("for example {} = {}", field.name, field.example));
        } else if text.chars().count() > letters_max {
            let message =
                format!("`{}` has {} letters; {letters_max} are allowed", field.name, text.chars().count());
            self.report.error(Code::TextTooLong, spot, message).help(Code::TextTooLong.mend());
        }
    }

    fn id(&mut self, id: &str, spot: Spot) {
        let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        let fine = !id.is_empty() && id.chars().all(letter) && !id.starts_with('-') && id.len() <= 80;
        if fine {
            return;
        }
        let message = format!("`{}` is not written as ids are", id.chars().take(80).collect::<String>());
        let help = match slug(id) {
            slug if slug.is_empty() => "use small letters a to z, digits and hyphens".to_owned(),
            slug => format!("use small letters a to z, digits and hyphens: `{slug}`"),
        };
        self.report.error(Code::BadId, spot, message).help(help);
    }

    fn word(&mut self, field: &Field, words: &[&str], text: &str, spot: Spot) {
        if words.contains(&text) {
            return;
        }
        let help = match did_you_mean(text, words.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("write one of {}", quoted(words)),
        };
        let message = format!("`{}` can't be \"{text}\": it is one of {}", field.name, quoted(words));
        self.report.error(Code::UnknownWord, spot, message).help(help);
    }
}

impl Shape {
    /// Whether it takes this sort of value at all, whatever the value says.
    fn takes(&self, item: &Item) -> bool {
        match self {
            Self::Text => matches!(item, Item::Str(..) | Item::Table(_)),
            Self::Bool => matches!(item, Item::Bool(_)),
            Self::Whole(..) => matches!(item, Item::Int(_)),
            Self::Date => matches!(item, Item::Datetime(_)),
            Self::Scalar => matches!(item, Item::Str(..) | Item::Int(_) | Item::Float(_) | Item::Bool(_)),
            Self::List(_) => matches!(item, Item::List(_)),
            Self::OneOrMore(of) => of.takes(item) || matches!(item, Item::List(_)),
            Self::Map(_) | Self::Table(_) => matches!(item, Item::Table(_)),
            Self::Tables(_) => matches!(item, Item::Table(_) | Item::List(_)),
            Self::Either(shapes) => shapes.iter().any(|shape| shape.takes(item)),
            Self::Line
            | Self::Clause
            | Self::Id
            | Self::Name(_)
            | Self::Condition
            | Self::Deadline
            | Self::Amount
            | Self::Day
            | Self::Money
            | Self::Word(_) => matches!(item, Item::Str(..)),
        }
    }
}

/// What the id might be: `Svar på melding` → `svar-pa-melding`.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.to_lowercase().chars().take(80) {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            'å' => slug.push('a'),
            'ø' => slug.push('o'),
            'æ' => slug.push_str("ae"),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}
