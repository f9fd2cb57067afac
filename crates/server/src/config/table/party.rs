use crate::config::shape::{Section, Setting, Shape};

pub(super) const ORGANISATION: Section = Section::new(
    "[[organisation]]",
    "An organisation of ours, level 1 of an address. Messages to others are kept and not answered.",
    &[
        Setting::required("name", Shape::Line, "Its name, for people.", "\"Nesodal kommune\""),
        Setting::required("her", Shape::HerId, "Its HER-id.", "\"8000011\""),
        Setting::or("ids", Shape::Tables(&ID), "[]", "Further ids. White space makes no difference."),
        Setting::or(
            "direct",
            Shape::Word(&["needs-service", "taken"]),
            "\"needs-service\"",
            "A message to the organisation that names no service: as for an unknown service, or taken.",
        ),
        Setting::or("service", Shape::Tables(&SERVICE), "[]", "Its services and people."),
    ],
);

const ID: Section = Section::new(
    "[[organisation.ids]]",
    "A further id of an organisation.",
    &[
        Setting::required("kind", Shape::Line, "Its kind.", "\"ENH\""),
        Setting::required("value", Shape::Line, "The id.", "\"999999999\""),
    ],
);

const SERVICE: Section = Section::new(
    "[[organisation.service]]",
    "A service or person of ours that messages are sent to, level 2 of an address.",
    &[
        Setting::required("name", Shape::Line, "Its name, for people.", "\"Sykepleietjenesten\""),
        Setting::required("her", Shape::HerId, "Its HER-id.", "\"8000012\""),
        Setting::or(
            "system",
            Shape::Word(&["here", "elsewhere"]),
            "\"here\"",
            "Which system takes its messages. Nothing is answered here for one elsewhere.",
        ),
    ],
);

pub(super) const POLICY: Section = Section::new(
    "[policy]",
    "What is chosen where the standards for receipts leave a choice. The defaults are what they advise.",
    &[
        Setting::or(
            "unknown_service",
            Shape::Word(&["reject", "accept"]),
            "\"reject\"",
            "A service that isn't known, in an organisation of ours: rejected (E21), or taken in for somebody to pass on.",
        ),
        Setting::or(
            "schema_faults",
            Shape::Word(&["reject", "accept"]),
            "\"reject\"",
            "A message that breaks its schema: rejected (T02), or taken in when it can be read.",
        ),
        Setting::or(
            "codes",
            Shape::Word(&["standard", "agreed"]),
            "\"standard\"",
            "Which codes are used of the patient and the doctor: those for everybody (E21, E36), or the more exact ones that parties have agreed on \
             (E20, E30, E31, E32).",
        ),
        Setting::or(
            "local_numbers",
            Shape::Word(&["insufficient", "sufficient"]),
            "\"insufficient\"",
            "Whether a number of a local series identifies a patient together with the name.",
        ),
        Setting::or(
            "synthetic",
            Shape::Word(&["allow", "refuse", "require"]),
            "\"allow\"",
            "Synthetic identity numbers: taken as real ones are, \"refuse\" where real patients alone may come, or \"require\" where no real \
             person's data may come. A number of the wrong series can't be typed in, and a message with one is taken in with a remark.",
        ),
        Setting::or(
            "ack",
            Shape::Word(&["ignored", "followed"]),
            "\"ignored\"",
            "Whether a sender's wish not to have a receipt is followed.",
        ),
        Setting::or(
            "attachment_types",
            Shape::List(&Shape::Line),
            "[]",
            "Kinds of files that are agreed on beside PDF, JPEG and PNG.",
        )
        .such_as("[\"image/tiff\"]"),
    ],
);

pub(super) const ADDRESSES: Section = Section::new(
    "[addresses]",
    "Whom messages are sent to.",
    &[Setting::optional(
        "book",
        Shape::Path,
        "The address book: parties, their services and HER-ids. Without it, nothing can be sent but receipts.",
        "\"adresser.toml\"",
    )],
);

pub(super) const RECEIPTS: Section = Section::new(
    "[receipts]",
    "Receipts that we wait for.",
    &[Setting::optional(
        "limit",
        Shape::Time(60_000, 31_536_000_000),
        "A limit agreed locally. It holds where it is stricter than the standard's.",
        "\"8 h\"",
    )],
);
