use super::{Field, Section, Shape};

const IDS: Shape = Shape::OneOrMore(&Shape::Line);
const NONE: &str = "not looked at";

/// What a file of test cases holds.
pub(crate) static CASE_FILE: Section = Section::new(
    "a file of cases",
    "Test cases beside a version, in its folder cases/. They are no part of the agreement.",
    &[Field::optional("case", Shape::Tables(&CASE), "The cases.", "[[case]]")],
);

static CASE: Section = Section::new(
    "[[case]]",
    "A small log and what must come out of it.",
    &[
        Field::required(
            "name",
            Shape::Line,
            "What it shows, as a sentence.",
            "\"The report exactly a day after the notice is kept\"",
        ),
        Field::required("rule", IDS, "The ids of the rules that it is about.", "[\"innleggelsesrapport\"]"),
        Field::required(
            "shows",
            Shape::Word(&["kept", "broken", "boundary"]),
            "Which side of the rule it shows.",
            "\"boundary\"",
        ),
        Field::required(
            "as_of",
            Shape::Line,
            "The instant as of which the log is read, in the version's zone.",
            "\"2024-06-10T12:00\"",
        ),
        Field::or(
            "facts",
            Shape::Map(&Shape::Scalar),
            "none",
            "Facts of the case, from its first entry on.",
            "{ fagomrade = \"somatikk\", kommunalt-behov = true }",
        ),
        Field::required(
            "log",
            Shape::List(&Shape::Line),
            "The entries: `<time> <kind> [sent|received|acknowledged|recorded <time>] [id <id>] [from <party>] [to <party>] [{ body }]`.",
            "[\"2024-06-03T10:00 innlagt\"]",
        ),
        Field::required("expect", Shape::Table(&EXPECT), "What must come out.", "[case.expect]"),
    ],
);

static EXPECT: Section = Section::new(
    "[case.expect]",
    "What must come out of a case. What isn't named may be anything.",
    &[
        Field::or(
            "duties",
            Shape::List(&Shape::Line),
            NONE,
            "Duties, in this order: `<id> <status> [due <time>|due -] [fulfilled <time>]`.",
            "[\"innleggelsesrapport kept due 2024-06-04T11:00\"]",
        ),
        Field::or("not_duties", IDS, NONE, "Ids that must have no instance.", "[\"tidligmelding\"]"),
        Field::or("findings", IDS, NONE, "Ids of rules that must be found broken.", "[\"meldingsvindu\"]"),
        Field::or(
            "not_findings",
            IDS,
            NONE,
            "Ids of rules that must not be found broken.",
            "[\"meldingsvindu\"]",
        ),
        Field::optional(
            "void",
            Shape::List(&Shape::Line),
            "The times of void entries, all of them.",
            "[\"2024-06-07T10:00\"]",
        ),
        Field::optional(
            "days",
            Shape::List(&Shape::Line),
            "The days that the meter counts, all of them; a span as `2024-06-10..2024-06-12`.",
            "[\"2024-06-10..2024-06-12\", \"2024-06-15\"]",
        ),
        Field::optional(
            "status",
            Shape::Word(&["payable", "contestable", "provisional"]),
            "The status of those days.",
            "\"contestable\"",
        ),
        Field::optional("meter", Shape::Line, "Which meter. Without it: the only one.", "\"betalingsdogn\""),
        Field::optional(
            "amount",
            Shape::Line,
            "What those days cost together; `unpriced` where they can't be priced.",
            "\"17235.00\"",
        ),
    ],
);
