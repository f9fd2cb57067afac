//! What a line of the log may hold.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::mask::masked;

/// A field that lines of the log may have, and the only form in which it is written.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its form. A value of another form is left out.
    pub form: FieldForm,
    /// What it says.
    pub doc: &'static str,
}

/// The form of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldForm {
    /// A number, or yes or no.
    Number,
    /// A name that this program or its configuration gives: up to 64 ASCII letters, digits and `_ . / : -`.
    Word,
    /// A HER-id: 1 to 10 digits.
    HerId,
    /// What an id is called in the log: [`Hashed`].
    Hash,
    /// Words of this program for the operator, without what a message says; identity numbers are masked.
    Words,
}

/// Every field. Others are left out, and how many stands in `left_out`.
pub const FIELDS: &[Field] = &[
    Field { name: "address", form: FieldForm::Word, doc: "where the node listens" },
    Field { name: "alert", form: FieldForm::Words, doc: "an alert" },
    Field { name: "attempts", form: FieldForm::Number, doc: "how often it was tried" },
    Field { name: "case", form: FieldForm::Hash, doc: "a case" },
    Field { name: "channel", form: FieldForm::Word, doc: "a channel of the configuration" },
    Field { name: "code", form: FieldForm::Word, doc: "what a fault or mistake is called, for programs" },
    Field { name: "count", form: FieldForm::Number, doc: "how many" },
    Field { name: "dead", form: FieldForm::Number, doc: "parcels that were given up" },
    Field { name: "direction", form: FieldForm::Word, doc: "`in` or `out`" },
    Field { name: "entries", form: FieldForm::Number, doc: "entries that a message gave" },
    Field { name: "error", form: FieldForm::Words, doc: "what failed, and what to do" },
    Field { name: "from", form: FieldForm::HerId, doc: "who sent a message" },
    Field { name: "job", form: FieldForm::Word, doc: "a job" },
    Field { name: "kind", form: FieldForm::Word, doc: "a kind of message (8279)" },
    Field { name: "later", form: FieldForm::Number, doc: "parcels, or e-mails, that are tried again" },
    Field { name: "loop", form: FieldForm::Word, doc: "a loop of the process" },
    Field { name: "mails", form: FieldForm::Number, doc: "e-mails to people that were sent" },
    Field { name: "message_id", form: FieldForm::Hash, doc: "a message" },
    Field { name: "method", form: FieldForm::Word, doc: "of a request" },
    Field { name: "ms", form: FieldForm::Number, doc: "how long it took, in milliseconds" },
    Field { name: "node", form: FieldForm::Word, doc: "a node" },
    Field { name: "number", form: FieldForm::Number, doc: "a message's number in the store" },
    Field { name: "parcel", form: FieldForm::Hash, doc: "a parcel of a channel" },
    Field { name: "path", form: FieldForm::Word, doc: "of a request" },
    Field { name: "place", form: FieldForm::Word, doc: "a file and line of the program" },
    Field { name: "position", form: FieldForm::Number, doc: "a position in the log" },
    Field { name: "receipts", form: FieldForm::Number, doc: "receipts that were put into the outbox" },
    Field { name: "refused", form: FieldForm::Number, doc: "e-mails to people whose address is refused" },
    Field { name: "request", form: FieldForm::Word, doc: "a request's id, as in `X-Request-Id`" },
    Field { name: "restarts", form: FieldForm::Number, doc: "how often a loop was begun again" },
    Field { name: "says", form: FieldForm::Words, doc: "what happened, in words of this program" },
    Field { name: "sent", form: FieldForm::Number, doc: "parcels that were handed over" },
    Field { name: "signal", form: FieldForm::Word, doc: "a signal to the process" },
    Field { name: "standing", form: FieldForm::Word, doc: "what became of a message" },
    Field { name: "status", form: FieldForm::Number, doc: "of an answer" },
    Field { name: "to", form: FieldForm::HerId, doc: "who a message is for" },
    Field { name: "version", form: FieldForm::Word, doc: "of the program" },
];

/// An id as the log calls it: `#` and twelve hexadecimal digits of its SHA-256. The same id has the same one on every node, so
/// that lines can be put together, and a message be found in the monitor.
///
/// An id that holds what looks like an identity number is `#masked`: there are few enough of those to try them all.
#[derive(Clone, PartialEq, Eq)]
pub struct Hashed(String);

impl Hashed {
    /// What the log calls this id.
    pub fn of(id: &str) -> Self {
        if masked(id) != id {
            return Self("#masked".to_owned());
        }
        let digest = Sha256::digest(id.as_bytes());
        let digits = digest.iter().take(6).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        Self(format!("#{digits}"))
    }
}

impl fmt::Display for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The fields as a table in Markdown, for `docs/operating.md`.
pub fn fields_reference() -> String {
    let row = |field: &Field| format!("| `{}` | {} | {} |\n", field.name, field.form.in_words(), field.doc);
    let rows = FIELDS.iter().fold(String::new(), |rows, field| rows + &row(field));
    format!("| field | form | says |\n|---|---|---|\n{rows}")
}

impl FieldForm {
    fn in_words(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Word => "name",
            Self::HerId => "HER-id",
            Self::Hash => "hash of an id",
            Self::Words => "words, masked",
        }
    }

    /// Whether a text has this form.
    pub(super) fn fits(self, text: &str) -> bool {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:-[]".contains(&byte);
        match self {
            Self::Number => false,
            Self::Word => (1..=64).contains(&text.len()) && text.bytes().all(is_word),
            Self::HerId => (1..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Hash => {
                let digits = text.strip_prefix('#').unwrap_or_default();
                let is_hash = digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                is_hash || digits == "masked"
            }
            Self::Words => true,
        }
    }
}

/// What is written of a field with this name, where it has one.
pub(super) fn form_of(name: &str) -> Option<FieldForm> {
    FIELDS.iter().find(|field| field.name == name).map(|field| field.form)
}
