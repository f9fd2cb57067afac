use super::{Field, Section, Shape};

const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

pub(super) static CALENDAR: Section = Section {
    header: "[calendar]",
    doc: "Time zone and working days, and open hours by name: any other key of this section is the name of open hours.",
    fields: &[
        Field::or(
            "zone",
            Shape::Line,
            "Europe/Oslo",
            "The time zone, by its IANA name. Days and clock times are those of this zone.",
            "\"Europe/Oslo\"",
        ),
        Field::or(
            "working_days",
            Shape::List(&Shape::Word(WEEKDAYS)),
            "monday to friday",
            "Which weekdays are working days. A holiday is never one.",
            "[\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"]",
        ),
    ],
    others: Some(&HOURS),
    note: "",
};

static HOURS: Section = Section::new(
    "[calendar.kontortid]",
    "Open hours with a name of your choice (here `kontortid`). The opening and the closing minute are within.",
    &[
        Field::optional("name", Shape::Text, "What people call them. Without it: the id.", "\"Kontortid\""),
        Field::required(
            "days",
            DAYS_SHAPE,
            "On which days: `\"working days\"`, `\"every day\"`, `\"holidays\"` (days that any holiday closes), a list of weekdays, or `{ holidays = [\"julaften\"] }`.",
            "\"working days\"",
        ),
        Field::required(
            "hours",
            HOURS_SHAPE,
            "From and to, one or several; `24:00` is the end of the day, `\"closed\"` is closed.",
            "\"08:00-15:00\"",
        ),
        Field::or(
            "when",
            Shape::Condition,
            "always",
            "When this row counts, by facts of the case.",
            "\"not heldognsplass\"",
        ),
        Field::or(
            "also",
            Shape::List(&Shape::Table(&HOURS_ROW)),
            "none",
            "More rows. On a day that several rows match, the last one whose condition holds decides alone.",
            "[{ days = [\"saturday\"], hours = \"10:00-12:00\" }]",
        ),
    ],
);

const DAYS_SHAPE: Shape = Shape::Either(&[
    Shape::Word(&["working days", "every day", "holidays"]),
    Shape::List(&Shape::Word(WEEKDAYS)),
    Shape::Table(&NAMED_DAYS),
]);
const HOURS_SHAPE: Shape = Shape::OneOrMore(&Shape::Line);

static HOURS_ROW: Section = Section::new(
    "also = [{ … }]",
    "A further row of open hours.",
    &[
        Field::required("days", DAYS_SHAPE, "On which days, as above.", "{ holidays = [\"julaften\"] }"),
        Field::required("hours", HOURS_SHAPE, "From and to, as above.", "\"closed\""),
        Field::or(
            "when",
            Shape::Condition,
            "always",
            "When this row counts, by facts of the case.",
            "\"heldognsplass\"",
        ),
    ],
);

static NAMED_DAYS: Section = Section::new(
    "days = { … }",
    "Days by the ids of holidays, whether or not they are closed.",
    &[Field::required(
        "holidays",
        Shape::List(&Shape::Name("holiday")),
        "Ids of [[holiday]].",
        "[\"julaften\"]",
    )],
);

pub(super) static HOLIDAY: Section = Section::new(
    "[[holiday]]",
    "A day with a name: a holiday, or a day such as Christmas Eve that open hours can name.",
    &[
        Field::required(
            "id",
            Shape::Id,
            "Its id. Several rules may share one, for instance when a law moved the day.",
            "\"skjaertorsdag\"",
        ),
        Field::optional("name", Shape::Text, "What people call it. Without it: the id.", "\"Skjærtorsdag\""),
        Field::optional("clause", Shape::Clause, "Where it is set.", "\"§ 2\""),
        Field::optional(
            "easter",
            Shape::Whole(-120, 120),
            "So many days after Easter Sunday, or before it when negative.",
            "-3",
        ),
        Field::optional("date", Shape::Line, "The same month and day each year.", "\"12-24\""),
        Field::optional(
            "nth",
            Shape::Line,
            "The first, second, third, fourth, fifth or last of a weekday in a month.",
            "\"first monday of may\"",
        ),
        Field::optional(
            "on_or_after",
            Shape::Line,
            "The first of a weekday on a date or after it.",
            "\"saturday on or after 06-20\"",
        ),
        Field::optional("once", Shape::Date, "One single day.", "2023-09-19"),
        Field::or(
            "closed",
            Shape::Bool,
            "true",
            "Whether it is a day off. `false`: only a name, for hours of its own.",
            "false",
        ),
        Field::optional("from_year", Shape::Whole(1900, 2199), "First year, itself included.", "1947"),
        Field::optional("until_year", Shape::Whole(1900, 2199), "Last year, itself included.", "2098"),
        Field::optional(
            "in_lieu",
            Shape::Word(&["next weekday"]),
            "If it falls on a weekend, the next weekday that is no holiday is off too.",
            "\"next weekday\"",
        ),
    ],
)
.noting("Exactly one of `easter`, `date`, `nth`, `on_or_after` and `once`.");
