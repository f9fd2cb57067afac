//! A form for a kind of entry: its fields, what the agreement wants in them, and what is known already.

use std::collections::BTreeMap;

use samspill_agreement::model::{Condition, FactType, Kind, KindId, KindType, RuleId, Text, Version};
use samspill_base::{ClauseRef, Entry, Position, Value};

use super::{Desk, StayView, desk::Filling, fields};
use crate::exchange::meaning::{FieldStands, MessageShape, Table};

/// A form for an entry that is to be written.
#[derive(Clone, Debug)]
pub struct Form {
    /// The kind.
    pub kind: KindId,
    /// What people call it.
    pub name: Text,
    /// How it goes.
    pub way: Way,
    /// The fields of the body, in order.
    pub fields: Vec<FormField>,
    /// The facts of the stay that are asked for with it.
    pub facts: Vec<FormField>,
}

/// How an entry goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is registered, and not sent.
    Event,
    /// As a message of its own, which gives this very kind when it is read.
    Message(MessageShape),
    /// In a message that is read as another kind; what was meant is registered beside it.
    Carried {
        /// The kind that the message gives.
        by: String,
        /// What that message is like.
        shape: MessageShape,
    },
    /// No message tells of it: it is told by other means, and registered.
    ByOtherMeans,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct FormField {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Text,
    /// What it may hold.
    pub input: FactType,
    /// Where it stands.
    pub place: Place,
    /// Why the agreement wants it said. Empty where it is for the writer to decide.
    pub needs: Vec<Need>,
    /// What it is filled with, and from where.
    pub given: Option<Given>,
}

/// Where a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the body of the entry, and in its message where there is one.
    Body,
    /// In the body of the entry; its message has no place of its own for it.
    BodyAlone,
    /// In the health information that goes with the entry.
    Carried,
    /// A fact of the stay.
    Fact,
}

/// Why a field is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The rule.
    pub rule: RuleId,
    /// Its clause.
    pub clause: ClauseRef,
    /// What it says.
    pub says: Text,
    /// Whether it hangs on something: then it may not be wanted in this one.
    pub is_conditional: bool,
}

/// What a field is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The value.
    pub value: Value,
    /// Where it is known from.
    pub from: GivenFrom,
}

/// Where something is known from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenFrom {
    /// An earlier entry.
    Entry(Position, KindId),
    /// What the latest health information said.
    HealthInformation,
    /// A fact of the stay.
    Fact,
    /// The calendar.
    Today,
}

impl Form {
    /// A form for a kind, for a party that plays this role. `carried` is what the latest health information of the stay said that
    /// belongs with a notice.
    pub fn of(
        view: &StayView<'_>,
        kind: &Kind,
        role: &str,
        table: &Table,
        carried: &BTreeMap<String, Value>,
    ) -> Self {
        let drawer = Drawer { view, kind, desk: Desk::shipped(), carried };
        let way = way(kind, role, table);
        let fields = drawer.fields(&way, table, role);
        Self { kind: kind.id.clone(), name: kind.name.clone(), fields, facts: drawer.facts(), way }
    }

    /// A field by its name.
    pub fn field(&self, name: &str) -> Option<&FormField> {
        self.fields.iter().chain(&self.facts).find(|field| field.name == name)
    }

    /// Whether it is the reply to a ready notice.
    pub fn is_reply(&self) -> bool {
        matches!(&self.way, Way::Message(shape) if shape.is_reply)
    }
}

/// How an entry of a kind goes out.
pub(super) fn way(kind: &Kind, role: &str, table: &Table) -> Way {
    if kind.kind_type == KindType::Event {
        return Way::Event;
    }
    if let Some(shape) = table.message_shape(&kind.id, role) {
        return if shape.reads_as == kind.id.as_str() {
            Way::Message(shape)
        } else {
            Way::Carried { by: shape.reads_as.clone(), shape }
        };
    }
    let carrier = kind.code.as_deref().and_then(|code| table.carrier(code));
    match carrier.and_then(|by| Some((by, table.message_shape(by, role)?))) {
        Some((by, shape)) => Way::Carried { by: by.to_owned(), shape },
        None => Way::ByOtherMeans,
    }
}

struct Drawer<'d, 'a> {
    view: &'d StayView<'a>,
    kind: &'d Kind,
    desk: &'d Desk,
    carried: &'d BTreeMap<String, Value>,
}

impl Drawer<'_, '_> {
    /// What the agreement wants first, in its order; then what else the kind has; then what only its message has.
    fn fields(&self, way: &Way, table: &Table, role: &str) -> Vec<FormField> {
        let said = said_by(way, table, role);
        let names = fields::names(self.view.version, self.kind, &said);
        names.into_iter().map(|name| self.field(name, place(name, way, &said))).collect()
    }

    fn field(&self, name: &str, place: Place) -> FormField {
        let version = self.view.version;
        let input = fields::input(self.kind, name);
        let given = self.given(name, &input);
        FormField {
            name: name.to_owned(),
            label: fields::label(version, self.kind, name),
            input,
            place,
            needs: needs(version, self.kind, name),
            given,
        }
    }

    fn facts(&self) -> Vec<FormField> {
        let asked = self.desk.facts.get(self.kind.id.as_str()).into_iter().flatten();
        let known = asked.filter_map(|name| self.view.version.facts.get(name.as_str()));
        let field = |fact: &samspill_agreement::model::Fact| FormField {
            name: fact.id.to_string(),
            label: fact.name.clone(),
            input: fact.fact_type.clone(),
            place: Place::Fact,
            needs: Vec::new(),
            given: self.fact(&fact.id),
        };
        known.map(field).collect()
    }

    /// What is known of a field. What the vocabulary says that the field sets is known from the fact.
    fn given(&self, name: &str, input: &FactType) -> Option<Given> {
        let latest = [Filling::Field(name.to_owned())];
        let fillings = self.desk.fill.get(name).map_or(&latest[..], Vec::as_slice);
        let found = fillings.iter().find_map(|filling| match filling {
            Filling::Field(field) => self.said(field),
            Filling::Fact(fact) => self.fact(fact),
            Filling::Today => Some(self.today()),
        });
        let is_sensible = |given: &Given| match input {
            FactType::Date => {
                given.value.as_text().is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok())
            }
            FactType::Bool | FactType::Number | FactType::Text | FactType::Time | FactType::OneOf(_) => true,
        };
        found.filter(is_sensible)
    }

    /// What the latest health information says, or else the latest entry that says anything in the field, of the side that writes.
    fn said(&self, field: &str) -> Option<Given> {
        if let Some(value) = self.carried.get(field).filter(|value| !value.is_blank()) {
            return Some(Given { value: value.clone(), from: GivenFrom::HealthInformation });
        }
        let says = |entry: &&Entry| entry.field(field).is_some_and(|value| !value.is_blank());
        let is_ours = |entry: &&Entry| {
            let kind = self.view.kind(&entry.kind);
            kind.is_some_and(|kind| kind.from.iter().any(|from| self.kind.from.contains(from)))
        };
        let entry = self.view.counting().filter(is_ours).filter(says).max_by_key(|entry| entry.happened)?;
        let from = GivenFrom::Entry(entry.position, KindId::new(entry.kind.clone()));
        Some(Given { value: entry.field(field)?.clone(), from })
    }

    /// A fact that somebody has given; not what is only taken for granted.
    fn fact(&self, name: &str) -> Option<Given> {
        let is_said = self.view.log.entries.iter().any(|entry| entry.facts.contains_key(name))
            || self.view.version.facts.get(name).is_some_and(|fact| fact.default.is_none());
        let value = self.view.evaluation.facts.get(name).filter(|_| is_said)?;
        Some(Given { value: value.clone(), from: GivenFrom::Fact })
    }

    fn today(&self) -> Given {
        let today = self.view.now.to_zoned(self.view.evaluation.zone.clone()).date();
        Given { value: Value::text(today.to_string()), from: GivenFrom::Today }
    }
}

/// The fields that the message of a kind can say, and of what goes with it.
pub(super) fn said_by(way: &Way, table: &Table, role: &str) -> Vec<(String, FieldStands)> {
    let own = match way {
        Way::Message(shape) | Way::Carried { shape, .. } => Some(shape),
        Way::Event | Way::ByOtherMeans => None,
    };
    let here = own.into_iter().flat_map(|shape| &shape.fields);
    let mut said: Vec<(String, FieldStands)> = here.map(|field| (field.name.clone(), field.stands)).collect();
    if own.is_some_and(|shape| shape.takes_carried)
        && let Some(with) = table.health_information(role)
    {
        let carried = with.1.fields.into_iter().filter(|field| field.stands == FieldStands::WithNotice);
        said.extend(carried.map(|field| (field.name, FieldStands::WithNotice)));
    }
    said
}

fn place(name: &str, way: &Way, said: &[(String, FieldStands)]) -> Place {
    match (way, said.iter().find(|(said, _)| said == name)) {
        (Way::Event | Way::ByOtherMeans, _) | (_, Some((_, FieldStands::Here))) => Place::Body,
        (_, Some((_, FieldStands::WithNotice))) => Place::Carried,
        (Way::Message(shape), None) if shape.is_reply => Place::Body,
        (Way::Message(_) | Way::Carried { .. }, None) => Place::BodyAlone,
    }
}

/// The rules that want a field said.
fn needs(version: &Version, kind: &Kind, name: &str) -> Vec<Need> {
    let wants = |rule: &&samspill_agreement::model::Content| {
        rule.of.contains(&kind.id) && rule.needs.iter().any(|need| need == name)
    };
    let need = |rule: &samspill_agreement::model::Content| Need {
        rule: rule.id.clone(),
        clause: rule.clause.clone(),
        says: rule.says.clone(),
        is_conditional: rule.when != Condition::Always,
    };
    version.contents.iter().filter(wants).map(need).collect()
}
