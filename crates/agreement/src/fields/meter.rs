use super::{
    Field, Section, Shape,
    declarations::KINDS,
    rules::{CLAUSE, ID, READINGS, SAYS},
};

const DAYS: Shape = Shape::OneOrMore(&Shape::Day);

pub(super) static METER: Section = Section::new(
    "[[meter]]",
    "Something counted by the day, and perhaps paid for.",
    &[
        ID,
        CLAUSE,
        SAYS,
        Field::optional("name", Shape::Text, "What people call it. Without it: the id.", "\"Betalingsdøgn\""),
        Field::or(
            "counts",
            Shape::Line,
            "days",
            "Which days count: `days`, `working days`, or days on which open hours open (`kontortid days`).",
            "\"days\"",
        ),
        Field::required("from", Shape::Table(&METER_FROM), "What starts a run.", "[meter.from]"),
        Field::or(
            "until",
            Shape::Tables(&METER_UNTIL),
            "nothing",
            "What stops a run; one or several.",
            "[[meter.until]]",
        ),
        Field::or(
            "liable",
            Shape::Condition,
            "always",
            "A run counts only if this is so, read when the case is read. Duties are those that the run's start triggered.",
            "\"overdue svar-utskrivningsklar\"",
        ),
        Field::optional(
            "liable_clause",
            Shape::Clause,
            "The clause of that condition. Without it: the meter's.",
            "\"§ 5\"",
        ),
        Field::optional("payer", Shape::Name("fact"), "The fact that names who pays.", "\"oppholdskommune\""),
        Field::or(
            "payer_at",
            KINDS,
            "as the case stands",
            "The fact is read as it was when the first of these came; what is said later changes nothing.",
            "[\"tidligmelding\"]",
        ),
        Field::or(
            "rate",
            Shape::Line,
            "none",
            "What a day costs: a dated value (`law:dognpris`, `value:dognpris`), a fixed amount (`130.00`), or `none`.",
            "\"value:dognpris\"",
        ),
        Field::or(
            "progression",
            PROGRESSION,
            "flat",
            "How the price rises with the days: `flat`, `110 percent of the day before`, or steps.",
            "[{ from_day = 1, percent = 100 }, { from_day = 4, percent = 200 }]",
        ),
        Field::or(
            "free_days",
            Shape::Whole(0, 100_000),
            "0",
            "The first so many counted days of a run are free.",
            "1",
        ),
        Field::optional("free_clause", Shape::Clause, "The clause of the free days.", "\"§ 5 tredje ledd\""),
        Field::or(
            "waiver",
            Shape::Tables(&WAIVER),
            "none",
            "What makes all days of the case fall away.",
            "[[meter.waiver]]",
        ),
        Field::or(
            "contestable",
            Shape::Tables(&CONTESTABLE),
            "none",
            "What makes days contestable.",
            "[[meter.contestable]]",
        ),
        Field::or(
            "provisional",
            Shape::Tables(&PROVISIONAL),
            "none",
            "What makes days provisional: they may still change.",
            "[[meter.provisional]]",
        ),
        READINGS,
    ],
);

const PROGRESSION: Shape = Shape::Either(&[Shape::Line, Shape::List(&Shape::Table(&STEP))]);

static STEP: Section = Section::new(
    "progression = [{ … }]",
    "A step of a rate.",
    &[
        Field::required(
            "from_day",
            Shape::Whole(1, 1_000_000),
            "From this day of the run on (counted days; free days don't count).",
            "1",
        ),
        Field::required("percent", Shape::Whole(0, 1_000_000), "This many per cent of the rate.", "100"),
    ],
);

static METER_FROM: Section = Section::new(
    "[meter.from]",
    "What starts a run of a meter.",
    &[
        Field::required("kinds", KINDS, "Any of these starts it.", "[\"utskrivningsklar\"]"),
        Field::or("when", Shape::Condition, "always", "When it does.", "\"fagomrade is somatikk\""),
        Field::or(
            "first_day",
            DAYS,
            "same day",
            "The first day; of a list the latest.",
            "[\"next working day\", \"field fra\"]",
        ),
        Field::optional(
            "clause",
            Shape::Clause,
            "Where it stands. Without it: the meter's clause.",
            "\"§ 5 første ledd\"",
        ),
    ],
);

static METER_UNTIL: Section = Section::new(
    "[[meter.until]]",
    "What stops a run of a meter.",
    &[
        Field::required("kinds", KINDS, "Any of these stops it.", "[\"utskrevet\", \"avmelding\"]"),
        Field::or("when", Shape::Condition, "always", "When it does.", "\"body svar is ja\""),
        Field::or("day", DAYS, "same day", "The stopping day; of a list the latest.", "\"field fra\""),
        Field::required(
            "last",
            Shape::Word(&["day before", "same day"]),
            "Whether the stopping day itself still counts.",
            "\"day before\"",
        ),
        Field::or(
            "effect",
            Shape::Word(&["ends", "limits"]),
            "ends",
            "`ends`: nothing later belongs to this run. `limits`: the run goes on, and another stop may set an earlier last day.",
            "\"limits\"",
        ),
        Field::optional(
            "clause",
            Shape::Clause,
            "Where it stands. Without it: the meter's clause.",
            "\"§ 5 annet ledd\"",
        ),
    ],
);

static WAIVER: Section = Section::new(
    "[[meter.waiver]]",
    "What makes all days of a case fall away: something missing when it had to be there, or something that happens soon after.",
    &[
        ID,
        CLAUSE,
        SAYS,
        Field::or("when", Shape::Condition, "always", "When it applies.", "\"kommunalt-behov\""),
        Field::required("at", KINDS, "It is looked for when one of these has happened.", "[\"utskrevet\"]"),
        Field::optional("unless", KINDS, "The days fall away unless one of these came at or before it.", "[\"epikrise\"]"),
        Field::optional("if", KINDS, "The days fall away if one of these comes at or after it, in time.", "[\"reinnlagt\"]"),
        Field::optional("within", Shape::Amount, "Within this time; exactly at the end of it is within.", "\"48 hours\""),
        Field::or("where", Shape::Condition, "always", "And this is so of the entry found.", "\"body problem is fact problem\""),
    ],
)
.noting("Either `unless`, or `if` and `within` (and perhaps `where`).");

const MARK_FIELDS: &[Field] = &[
    ID,
    CLAUSE,
    SAYS,
    Field::required(
        "when",
        Shape::Condition,
        "When, read when the case is read.",
        "\"late innleggelsesrapport\"",
    ),
];

static CONTESTABLE: Section =
    Section::new("[[meter.contestable]]", "What makes days contestable.", MARK_FIELDS);
static PROVISIONAL: Section =
    Section::new("[[meter.provisional]]", "What makes days provisional: they may still change.", MARK_FIELDS);

pub(super) static SETTLEMENT: Section = Section::new(
    "[[settlement]]",
    "How a meter's days of many cases are settled together: a payer's days in a month above the free average times its cases are paid, at the rate of the month's last day.",
    &[
        ID,
        CLAUSE,
        SAYS,
        Field::required("meter", Shape::Name("meter"), "The meter.", "\"betalingsdogn\""),
        Field::required(
            "free_days_average",
            Shape::Whole(0, 100_000),
            "So many days a case are free on average.",
            "3",
        ),
    ],
);
