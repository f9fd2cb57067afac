use super::{Field, Section, Shape};

const TYPES: Shape = Shape::Word(&["yes-no", "number", "text", "date", "time"]);
const PARTIES: Shape = Shape::OneOrMore(&Shape::Name("party"));
pub(super) const KINDS: Shape = Shape::OneOrMore(&Shape::Name("kind"));

pub(super) static PARTY: Section = Section::new(
    "[[party]]",
    "A party in its role.",
    &[
        Field::required("id", Shape::Id, "Its role.", "\"kommune\""),
        Field::optional("name", Shape::Text, "What people call it. Without it: the id.", "\"Kommunen\""),
    ],
);

pub(super) static FACT: Section = Section::new(
    "[[fact]]",
    "Something that can be known of a case. Conditions on a fact that nobody has given are undecided, unless it has a default.",
    &[
        Field::required("id", Shape::Id, "Its name in conditions.", "\"fagomrade\""),
        Field::optional("name", Shape::Text, "What people call it. Without it: the id.", "\"Fagområde\""),
        Field::optional("type", TYPES, "What it may hold.", "\"yes-no\""),
        Field::optional("one_of", Shape::List(&Shape::Line), "The words that it may hold, instead of `type`.", "[\"somatikk\", \"phv\", \"tsb\"]"),
        Field::optional("default", Shape::Scalar, "What it is where nobody has said.", "false"),
        Field::optional("clause", Shape::Clause, "The clause that defines it.", "\"§ 1\""),
    ],
)
.noting("Exactly one of `type` and `one_of`.");

pub(super) static KIND: Section = Section::new(
    "[[kind]]",
    "A kind of entry in the log: a message between parties, or an event that one of them registers.",
    &[
        Field::required("id", Shape::Id, "Its name in rules and logs.", "\"svar-utskrivningsklar\""),
        Field::or(
            "also_called",
            Shape::List(&Shape::Line),
            "none",
            "Other names that logs use.",
            "[\"Answer\"]",
        ),
        Field::optional(
            "name",
            Shape::Text,
            "What people call it. Without it: the id.",
            "\"Svar på melding om utskrivningsklar pasient\"",
        ),
        Field::required(
            "type",
            Shape::Word(&["message", "event"]),
            "A message is sent from one party to another; an event is registered by one.",
            "\"message\"",
        ),
        Field::required("from", PARTIES, "Who may send or register it.", "[\"kommune\"]"),
        Field::or("to", PARTIES, "nobody", "Whom it is for.", "[\"sykehus\"]"),
        Field::optional("code", Shape::Line, "Its code in the message standard.", "\"DIALOG_SVAR\""),
        Field::or(
            "fields",
            Shape::Map(&Shape::Table(&BODY_FIELD)),
            "none",
            "The fields of its body, by name.",
            "{ svar = { one_of = [\"ja\", \"nei\"] }, fra = { type = \"date\" } }",
        ),
        Field::or(
            "sets",
            Shape::Map(&SET_TO),
            "nothing",
            "The facts that it sets, from when it happened on: to a value, or to what a field of its body says.",
            "{ tvang = false, problem = { field = \"problem\" } }",
        ),
        Field::optional(
            "cancels",
            Shape::Table(&FIELD_REF),
            "It cancels another entry: the one whose id this field of its body holds.",
            "{ field = \"gjelder\" }",
        ),
        Field::or(
            "foreknown",
            Shape::Bool,
            "false",
            "Whether it counts before it has happened, such as a planned departure: without a recorded time whenever the case is read, with one from then on.",
            "true",
        ),
    ],
);

static SET_TO: Shape = Shape::Either(&[Shape::Scalar, Shape::Table(&FIELD_REF)]);

static FIELD_REF: Section = Section::new(
    "{ field = … }",
    "A field of the entry's body.",
    &[Field::required("field", Shape::Line, "Its name.", "\"gjelder\"")],
);

static BODY_FIELD: Section = Section::new(
    "fields = { name = { … } }",
    "A field of a body.",
    &[
        Field::optional("type", TYPES, "What it may hold.", "\"date\""),
        Field::optional(
            "one_of",
            Shape::List(&Shape::Line),
            "The words that it may hold, instead of `type`.",
            "[\"ja\", \"nei\"]",
        ),
        Field::optional(
            "name",
            Shape::Text,
            "What people call it. Without it: its key.",
            "\"Kan ta imot fra\"",
        ),
    ],
)
.noting("Exactly one of `type` and `one_of`.");

pub(super) static PHASE: Section = Section::new(
    "[[phase]]",
    "A phase of a case: from one kind of entry to another.",
    &[
        Field::required("id", Shape::Id, "Its id.", "\"utskrivningsklar\""),
        Field::optional(
            "name",
            Shape::Text,
            "What people call it. Without it: the id.",
            "\"Utskrivningsklar\"",
        ),
        Field::required("from", KINDS, "It begins with any of these.", "[\"utskrivningsklar\"]"),
        Field::or("until", KINDS, "never", "It ends with any of these.", "[\"avmelding\", \"utskrevet\"]"),
        Field::or(
            "restart",
            Shape::Word(&["ignored", "goes-on"]),
            "goes-on",
            "What another beginning means while it runs. `goes-on`: that entry counts like any other. `ignored`: it changes nothing, triggers no duty and starts no meter.",
            "\"ignored\"",
        ),
    ],
);
