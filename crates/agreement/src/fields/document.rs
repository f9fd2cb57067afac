use super::{
    Field, Section, Shape,
    calendar::{CALENDAR, HOLIDAY},
    declarations::{FACT, KIND, PARTY, PHASE},
    meter::{METER, SETTLEMENT},
    rules::{CHECKLIST, CONTENTS, DUTY, REQUIRES, WINDOW},
};

/// Everything a file of a version may hold.
pub(crate) static ROOT: Section = Section::new(
    "the file",
    "A version of an agreement is a folder of files. They are read as one: any file may hold any of these sections, in any order. Only `[agreement]` stands exactly once in the folder.",
    &[
        Field::optional(
            "agreement",
            Shape::Table(&AGREEMENT),
            "What the document is and when it is in force.",
            "[agreement]",
        ),
        Field::optional("party", Shape::Tables(&PARTY), "The parties, by role.", "[[party]]"),
        Field::optional(
            "calendar",
            Shape::Table(&CALENDAR),
            "Time zone, working days and open hours.",
            "[calendar]",
        ),
        Field::optional("holiday", Shape::Tables(&HOLIDAY), "Holidays and other named days.", "[[holiday]]"),
        Field::optional("fact", Shape::Tables(&FACT), "What can be known of a case.", "[[fact]]"),
        Field::optional("kind", Shape::Tables(&KIND), "Kinds of message and event.", "[[kind]]"),
        Field::optional("phase", Shape::Tables(&PHASE), "Phases of a case.", "[[phase]]"),
        Field::optional(
            "duty",
            Shape::Tables(&DUTY),
            "Who must do what, after what, within which time.",
            "[[duty]]",
        ),
        Field::optional("window", Shape::Tables(&WINDOW), "When messages may be sent.", "[[window]]"),
        Field::optional(
            "requires",
            Shape::Tables(&REQUIRES),
            "What must be there before something counts.",
            "[[requires]]",
        ),
        Field::optional("contents", Shape::Tables(&CONTENTS), "What messages must hold.", "[[contents]]"),
        Field::optional(
            "meter",
            Shape::Tables(&METER),
            "What is counted by the day, and paid for.",
            "[[meter]]",
        ),
        Field::optional(
            "settlement",
            Shape::Tables(&SETTLEMENT),
            "How many cases are settled together.",
            "[[settlement]]",
        ),
        Field::optional("checklist", Shape::Tables(&CHECKLIST), "Checklists.", "[[checklist]]"),
        Field::optional("value", Shape::Tables(&VALUE), "Values that change by date.", "[[value]]"),
        Field::optional(
            "reading",
            Shape::Tables(&READING),
            "Choices made where the text leaves one.",
            "[[reading]]",
        ),
        Field::optional(
            "blindspot",
            Shape::Tables(&BLINDSPOT),
            "What the rules don't compute.",
            "[[blindspot]]",
        ),
    ],
);

/// What a vocabulary may hold.
pub(crate) static VOCABULARY: Section = Section::new(
    "a vocabulary",
    "Words that several agreements share. It holds only these four sections.",
    &[
        Field::optional("party", Shape::Tables(&PARTY), "The parties, by role.", "[[party]]"),
        Field::optional("fact", Shape::Tables(&FACT), "What can be known of a case.", "[[fact]]"),
        Field::optional("kind", Shape::Tables(&KIND), "Kinds of message and event.", "[[kind]]"),
        Field::optional("phase", Shape::Tables(&PHASE), "Phases of a case.", "[[phase]]"),
    ],
);

static AGREEMENT: Section = Section::new(
    "[agreement]",
    "What the document is, and when it is in force. Exactly one in a version.",
    &[
        Field::required("id", Shape::Id, "The short name, the same in all versions.", "\"fjordhelse\""),
        Field::or(
            "also_called",
            Shape::List(&Shape::Line),
            "none",
            "Other names that logs use for this version.",
            "[\"fjordhelse-2023\"]",
        ),
        Field::or(
            "document",
            Shape::Word(&["agreement", "law", "guideline", "example"]),
            "agreement",
            "What sort of document it is. An `example` is in force nowhere.",
            "\"agreement\"",
        ),
        Field::required(
            "name",
            Shape::Text,
            "Its title.",
            "{ nb = \"Samarbeidsavtale om opphold\", nn = \"Samarbeidsavtale om opphald\", en = \"Cooperation agreement on stays\" }",
        ),
        Field::required(
            "in_force",
            Shape::Date,
            "The first day it is in force. The version's folder has this date as its name.",
            "2023-06-01",
        ),
        Field::optional(
            "until",
            Shape::Date,
            "The first day it is no longer in force. Without it: until the next version begins.",
            "2025-01-01",
        ),
        Field::or("currency", Shape::Line, "NOK", "The currency of its amounts.", "\"NOK\""),
        Field::optional(
            "based_on",
            Shape::Line,
            "Another version, by its path under `agreements/`: all its sections are taken over, but for `[agreement]`. What has the same id here replaces what stands there, whole; a `[calendar]` here replaces the one there.",
            "\"felles/2022-01-01\"",
        ),
        Field::or(
            "uses",
            Shape::List(&Shape::Line),
            "nothing",
            "Shared files: `vocabulary:<name>` brings that file's parties, facts, kinds and phases; `law:<name>` brings that law's values and holidays, all versions of it, but not its duties.",
            "[\"vocabulary:opphold\", \"law:helligdager\"]",
        ),
        Field::or(
            "sources",
            Shape::List(&Shape::Table(&SOURCE)),
            "none",
            "The documents that it encodes.",
            "[{ title = \"Avtale om opphold\", note = \"Vedtatt 2023-05-02\" }]",
        ),
    ],
);

static SOURCE: Section = Section::new(
    "sources = [{ … }]",
    "A document that the version encodes.",
    &[
        Field::required("title", Shape::Line, "Its title.", "\"Avtale om opphold\""),
        Field::optional(
            "note",
            Shape::Line,
            "Who decided it and when, or where it is published.",
            "\"Vedtatt 2023-05-02\"",
        ),
    ],
);

static VALUE: Section = Section::new(
    "[[value]]",
    "A value that changes by date, such as a daily rate or an interest rate.",
    &[
        Field::required("id", Shape::Id, "Its id.", "\"dognpris\""),
        Field::optional("name", Shape::Text, "What people call it. Without it: the id.", "\"Døgnpris\""),
        Field::required("unit", Shape::Line, "Its unit, in words.", "\"NOK per day\""),
        Field::required("clause", Shape::Clause, "Where it is set.", "\"§ 6\""),
        Field::required("at", Shape::Tables(&VALUE_AT), "The amounts, the earliest first.", "[[value.at]]"),
    ],
);

static VALUE_AT: Section = Section::new(
    "[[value.at]]",
    "An amount from a date on. It holds until the next one begins, or until `until`.",
    &[
        Field::required("from", Shape::Date, "The first day it holds.", "2023-01-01"),
        Field::optional("until", Shape::Date, "The first day it no longer holds.", "2024-01-01"),
        Field::required(
            "amount",
            Shape::Money,
            "The amount, in the unit, with at most two decimals.",
            "\"1000.00\"",
        ),
        Field::required("source", Shape::Line, "Where it is published.", "\"Budsjettvedtak 2023\""),
        Field::or(
            "certain",
            Shape::Bool,
            "true",
            "Whether it may be used. Days are not priced with an amount that isn't certain.",
            "true",
        ),
    ],
);

static READING: Section = Section::new(
    "[[reading]]",
    "A choice made where the text leaves one. The committee can disagree; rules that rest on it name it in `readings`.",
    &[
        Field::required("id", Shape::Line, "Its id, as rules name it in `readings`.", "\"1\""),
        Field::required("clause", Shape::Clause, "The clause that it reads.", "\"§ 4\""),
        Field::required("text", Shape::Text, "How we read it.", "\"Fristen løper fra mottak.\""),
    ],
);

static BLINDSPOT: Section = Section::new(
    "[[blindspot]]",
    "Something that the text says or leaves open, and the rules don't compute. Shown beside the rules.",
    &[
        Field::required("clause", Shape::Clause, "The clause.", "\"§ 9\""),
        Field::required(
            "text",
            Shape::Text,
            "What isn't computed, and why.",
            "\"Hva som er en god dialog, må mennesker vurdere.\"",
        ),
    ],
);
