use super::{Field, Section, Shape, declarations::KINDS};

pub(super) const ID: Field = Field::required("id", Shape::Id, "Its id.", "\"innleggelsesrapport\"");
pub(super) const CLAUSE: Field = Field::required(
    "clause",
    Shape::Clause,
    "Where it stands in the document, as its readers cite it.",
    "\"§ 4 første ledd\"",
);
pub(super) const SAYS: Field = Field::required(
    "says",
    Shape::Text,
    "What it says, in a sentence of your own.",
    "\"Kommunen sender rapport innen ett døgn.\"",
);
pub(super) const READINGS: Field = Field::or(
    "readings",
    Shape::List(&Shape::Name("reading")),
    "none",
    "Ids of the readings that it rests on.",
    "[\"1\"]",
);
pub(super) const CLOCKS: Shape = Shape::Word(&["happened", "sent", "received", "acknowledged", "recorded"]);
const SEVERITY_DOC: &str = "How much a breach matters: `merknad` (worth a look), `avvik` (a deviation), `alvorlig` (touches safety or payment).";
const SEVERITY: Field = Field::or("severity", SEVERITIES, "avvik", SEVERITY_DOC, "\"alvorlig\"");
const SEVERITIES: Shape = Shape::Word(&["merknad", "avvik", "alvorlig"]);

pub(super) static DUTY: Section = Section::new(
    "[[duty]]",
    "Who must do what, after what, within which time. Done exactly at the limit is kept.",
    &[
        ID,
        CLAUSE,
        SAYS,
        Field::optional(
            "name",
            Shape::Text,
            "What people call it. Without it: the id.",
            "\"Innleggelsesrapport\"",
        ),
        Field::required("who", Shape::Name("party"), "Who must.", "\"kommune\""),
        Field::optional("to", Shape::Name("party"), "To whom.", "\"sykehus\""),
        Field::required("must", KINDS, "What fulfils it; any one of a list.", "\"innleggelsesrapport\""),
        Field::or(
            "must_where",
            Shape::Condition,
            "always",
            "What must be so of the entry that fulfils it.",
            "\"body svar is known\"",
        ),
        Field::required(
            "after",
            KINDS,
            "What triggers it; any one of a list. With `which = \"preferred\"` in order of preference.",
            "\"melding-om-innlagt-pasient\"",
        ),
        Field::or(
            "when",
            Shape::Condition,
            "always",
            "When there is a duty, read at the trigger.",
            "\"fagomrade is somatikk\"",
        ),
        Field::or(
            "which",
            Shape::Word(&["every", "first", "latest", "preferred"]),
            "every",
            "Which triggers count: each one is a duty of its own; only the first of the case; only the latest known; or the first entry of the first kind in `after` that the case has.",
            "\"first\"",
        ),
        Field::optional(
            "each",
            Shape::Word(&["day", "week", "month", "quarter", "year"]),
            "The duty comes back each such period after the trigger.",
            "\"month\"",
        ),
        Field::or(
            "counts_from",
            CLOCKS,
            "happened",
            "Which of the trigger's times the count starts from.",
            "\"received\"",
        ),
        Field::or(
            "fulfilled_at",
            CLOCKS,
            "happened",
            "Which of the fulfilling entry's times is compared with the limit.",
            "\"sent\"",
        ),
        Field::required("within", Shape::Deadline, "The limit.", "\"24 hours\""),
        Field::or(
            "may_precede",
            Shape::Bool,
            "false",
            "Whether what was done before the trigger counts too.",
            "true",
        ),
        Field::or(
            "pairing",
            PAIRING,
            "shared",
            "How fulfilling entries belong to triggers. `shared`: one entry fulfils every instance open when it comes. `one-each`: it fulfils the oldest open one. `{ by = \"svar-til\" }`: the one whose trigger's id this field of its body names.",
            "\"one-each\"",
        ),
        Field::or(
            "waived_by",
            KINDS,
            "nothing",
            "What closes it: in time and undone, it falls away; past due, it stays missed.",
            "[\"utskrevet\"]",
        ),
        Field::or(
            "reset_by",
            KINDS,
            "nothing",
            "What, while it is undone, starts the count anew.",
            "[\"behov-oppdaget\"]",
        ),
        Field::or(
            "suspended_by",
            Shape::List(&Shape::Table(&SUSPENSION)),
            "nothing",
            "Spans in which the clock stands still.",
            "[{ from = \"permisjon\", until = [\"tilbake\"] }]",
        ),
        SEVERITY,
        READINGS,
        Field::or("exception", Shape::Tables(&EXCEPTION), "none", "Exceptions to it.", "[[duty.exception]]"),
    ],
);

const PAIRING: Shape = Shape::Either(&[Shape::Word(&["shared", "one-each"]), Shape::Table(&PAIRING_BY)]);

static PAIRING_BY: Section = Section::new(
    "pairing = { … }",
    "Pairing by reference.",
    &[Field::required(
        "by",
        Shape::Line,
        "The body field of the fulfilling entry that holds the trigger's id.",
        "\"svar-til\"",
    )],
);

static SUSPENSION: Section = Section::new(
    "suspended_by = [{ … }]",
    "A span in which a duty's clock stands still.",
    &[
        Field::required("from", Shape::Name("kind"), "The clock stops here.", "\"permisjon\""),
        Field::required("until", KINDS, "It goes on at the first of these after that.", "[\"tilbake\"]"),
    ],
);

static EXCEPTION: Section = Section::new(
    "[[duty.exception]]",
    "Another limit, or no duty at all, when a condition holds. Two exceptions that can both hold need an order.",
    &[
        ID,
        CLAUSE,
        SAYS,
        Field::required("when", Shape::Condition, "When it applies, read at the trigger.", "\"fagomrade is phv\""),
        Field::optional("within", Shape::Deadline, "The limit instead.", "\"48 hours\""),
        Field::optional("no_duty", Shape::Bool, "There is then no duty.", "true"),
        Field::or("before", Shape::List(&Shape::Name("exception")), "none", "It goes before these where both apply.", "[\"rapport-helg\"]"),
    ],
)
.noting("Exactly one of `within` and `no_duty`.");

pub(super) static WINDOW: Section = Section::new(
    "[[window]]",
    "When messages of a kind may be sent.",
    &[
        ID,
        CLAUSE,
        SAYS,
        Field::required("of", KINDS, "The kinds it is about.", "\"utskrivningsklar\""),
        Field::required("hours", Shape::Name("open hours"), "The open hours.", "\"kontortid\""),
        Field::or("when", Shape::Condition, "always", "When it applies.", "\"not heldognsplass\""),
        Field::or("counts", CLOCKS, "happened", "Which of the entry's times is looked at.", "\"received\""),
        Field::required(
            "effect",
            Shape::Word(&["warn", "counts-from-next-opening"]),
            "What follows for an entry outside: a finding only, or it counts as given at the next opening.",
            "\"counts-from-next-opening\"",
        ),
        SEVERITY,
        READINGS,
    ],
);

pub(super) static REQUIRES: Section = Section::new(
    "[[requires]]",
    "What must be there, or be so, for an entry to count.",
    &[
        ID,
        CLAUSE,
        SAYS,
        Field::required("of", KINDS, "The kinds that need it.", "\"utskrivningsklar\""),
        Field::or(
            "needs",
            KINDS,
            "nothing",
            "All of these must be there, at or before the entry.",
            "[\"helseopplysninger\"]",
        ),
        Field::or(
            "since",
            KINDS,
            "the beginning",
            "… and not before the latest of any of these.",
            "[\"innlagt\", \"avmelding\"]",
        ),
        Field::optional("ahead", Shape::Amount, "… and at least this long before the entry.", "\"24 hours\""),
        Field::optional(
            "within",
            Shape::Amount,
            "… and at most this long before the entry: an objection within 30 days of the invoice. Equal is within, and days run through their end.",
            "\"30 days\"",
        ),
        Field::or("that", Shape::Condition, "always", "And this must be so.", "\"not tvang\""),
        Field::or("when", Shape::Condition, "always", "When it applies.", "\"kommunalt-behov\""),
        Field::required(
            "effect",
            Shape::Word(&["void", "warn"]),
            "What follows where it isn't met: the entry is as if never given, or it stands and is a finding.",
            "\"void\"",
        ),
        SEVERITY,
        READINGS,
    ],
)
.noting("At least one of `needs` and `that`.");

pub(super) static CONTENTS: Section = Section::new(
    "[[contents]]",
    "What a message must hold. A missing item never stops the message: it becomes a finding.",
    &[
        ID,
        CLAUSE,
        SAYS,
        Field::required("of", KINDS, "The kinds it is about.", "\"innleggelsesrapport\""),
        Field::or(
            "needs",
            Shape::OneOrMore(&Shape::Line),
            "nothing",
            "All of these fields of the body must say something.",
            "[\"tjenester\"]",
        ),
        Field::or(
            "that",
            Shape::Condition,
            "always",
            "And this must be so of the entry.",
            "\"body tjenester is known\"",
        ),
        Field::or("when", Shape::Condition, "always", "When it applies.", "\"kommunale-tjenester\""),
        Field::or("severity", SEVERITIES, "merknad", SEVERITY_DOC, "\"merknad\""),
    ],
)
.noting("At least one of `needs` and `that`.");

pub(super) static CHECKLIST: Section = Section::new(
    "[[checklist]]",
    "A checklist that a party works through during a case.",
    &[
        ID,
        CLAUSE,
        Field::optional(
            "name",
            Shape::Text,
            "What people call it. Without it: the id.",
            "\"Sjekkliste ved innleggelse\"",
        ),
        Field::required("who", Shape::Name("party"), "Who works through it.", "\"kommune\""),
        Field::or("when", Shape::Condition, "always", "For which cases.", "\"fagomrade is somatikk\""),
        Field::or("point", Shape::Tables(&POINT), "none", "Its points, in order.", "[[checklist.point]]"),
    ],
);

static POINT: Section = Section::new(
    "[[checklist.point]]",
    "A point of a checklist.",
    &[
        ID,
        CLAUSE,
        SAYS,
        Field::required("phase", Shape::Name("phase"), "The phase that it belongs to.", "\"utskrivningsklar\""),
        Field::or("when", Shape::Condition, "always", "When it applies.", "\"kommunalt-behov\""),
        Field::optional("done_by", KINDS, "Done by an entry of one of these kinds.", "\"innleggelsesrapport\""),
        Field::optional("duty", Shape::Name("duty"), "Done by fulfilling this duty.", "\"innleggelsesrapport\""),
        Field::optional("that", Shape::Condition, "Done when this is so.", "\"problem is known\""),
        Field::optional("person", Shape::Bool, "Only a person can say: by an entry of kind `sjekkpunkt` whose body field `punkt` holds the point's id.", "true"),
        Field::optional("reminder", Shape::Bool, "Nothing to do: a reminder.", "true"),
    ],
)
.noting("Exactly one of `done_by`, `duty`, `that`, `person` and `reminder`.");
