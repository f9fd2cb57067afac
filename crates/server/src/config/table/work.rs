use crate::config::shape::{Section, Setting, Shape};

pub(super) const RETRY: Section = Section::new(
    "[retry]",
    "What is done when a message can't be handed over. Each pause is twice the one before.",
    &[
        Setting::or("first", Shape::Time(100, 3_600_000), "\"30 s\"", "The first pause."),
        Setting::or("max", Shape::Time(1000, 86_400_000), "\"1 h\"", "No pause is longer. At least `first`."),
        Setting::or(
            "attempts",
            Shape::Whole(1, 1000, "attempts"),
            "60",
            "After so many failures the message is a dead letter, and a person must look.",
        ),
        Setting::or(
            "lease",
            Shape::Time(5000, 3_600_000),
            "\"2 min\"",
            "How long a node keeps a message to itself while it hands it over. After a crash, another node takes it then.",
        ),
        Setting::or(
            "batch",
            Shape::Whole(1, 1000, "messages"),
            "50",
            "Messages that are taken from the queue at a time.",
        ),
    ],
);

pub(super) const ALERTS: Section = Section::new(
    "[alerts]",
    "When somebody must be told. An alert is raised once, and cleared once.",
    &[
        Setting::or(
            "queue_longer",
            Shape::Whole(1, 1_000_000, "messages"),
            "100",
            "A channel's queue is longer than this. Exactly so many are not.",
        ),
        Setting::or(
            "queue_older",
            Shape::Time(1000, 604_800_000),
            "\"15 min\"",
            "The oldest message in a channel's queue has waited longer than this, tries included. Exactly so long is not longer.",
        ),
    ],
);

pub(super) const LOG: Section = Section::new(
    "[log]",
    "What the process tells of itself. It never holds what messages say.",
    &[
        Setting::or(
            "level",
            Shape::Word(&["error", "warn", "info", "debug"]),
            "\"info\"",
            "What is written: this and all that is graver.",
        ),
        Setting::or(
            "form",
            Shape::Word(&["json", "text"]),
            "\"json\"",
            "One JSON object a line, or lines for people.",
        ),
        Setting::optional(
            "file",
            Shape::Path,
            "The file that is added to. Without it: standard error. Nothing here rotates it; a file that was moved away is opened anew at a restart.",
            "\"samspill.log\"",
        ),
        Setting::or(
            "libraries",
            Shape::Word(&["places", "texts"]),
            "\"places\"",
            "Warnings of libraries: where in their code they arose, or their words too. Nobody can promise what those hold: `texts` is for a search for a fault, with eyes on it.",
        ),
    ],
);

pub(super) const JOBS: Section = Section::new(
    "[jobs]",
    "What is done again and again, by one node at a time.",
    &[
        Setting::or(
            "tick",
            Shape::Time(100, 3_600_000),
            "\"10 s\"",
            "How often limits are looked at: receipts that are overdue, alerts to raise or clear.",
        ),
        Setting::or(
            "measure",
            Shape::Time(100, 3_600_000),
            "\"15 s\"",
            "How often each node reads the queues, for the metrics and for its readiness.",
        ),
        Setting::or(
            "verify",
            Shape::Time(60_000, 31_536_000_000),
            "\"24 h\"",
            "How often the chain of the log is verified, all of it.",
        ),
        Setting::or(
            "lease",
            Shape::Time(1000, 3_600_000),
            "\"1 min\"",
            "How long a job belongs to a node without its saying so again. After a crash, another node does it then.",
        ),
    ],
);

pub(super) const BACKUP: Section = Section::new(
    "[backup]",
    "Backups while others write. Without this section none are made.",
    &[
        Setting::required(
            "folder",
            Shape::Path,
            "Where they are put. Another disk than the store's, copied to another machine.",
            "\"/var/backups/samspill\"",
        ),
        Setting::required(
            "recipients",
            Shape::Path,
            "A file with the public keys (`age1…`, one a line) that backups are locked for. Keep the secret key elsewhere.",
            "\"/etc/samspill/backup-recipients.txt\"",
        ),
        Setting::or("every", Shape::Time(60_000, 31_536_000_000), "\"24 h\"", "How often."),
        Setting::or(
            "keep",
            Shape::Whole(1, 10_000, "backups"),
            "14",
            "How many are kept; older ones are removed after a new one stands.",
        ),
    ],
);
