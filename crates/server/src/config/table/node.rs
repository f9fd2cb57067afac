use crate::config::shape::{Section, Setting, Shape};

pub(super) const NODE: Section = Section::new(
    "[node]",
    "What this process is.",
    &[
        Setting::required(
            "name",
            Shape::Slug,
            "The node's name. Each of several nodes on one database has its own: leases are held under it, and two nodes of one name would both do the same job.",
            "\"nesodal-1\"",
        ),
        Setting::required(
            "community",
            Shape::Slug,
            "The community (helsefellesskap) whose log this node keeps. It stands in every row and can't be changed afterwards.",
            "\"fjordhelse\"",
        ),
        Setting::or(
            "agreements",
            Shape::List(&Shape::Agreement),
            "[]",
            "The agreements that cases are read against: names of shipped ones, or folders.",
        )
        .such_as("[\"unn\"]"),
        Setting::optional(
            "downtime_practice",
            Shape::Slug,
            "Whose practice of announcing planned downtime is followed here. Shorter notice is told, and stops nothing. Without it, nothing is said of notice.",
            "\"sykehuset-telemark\"",
        ),
        Setting::or(
            "data",
            Shape::Path,
            "\"data\"",
            "The folder for what the node itself writes: copies under way, and nothing that has to be backed up. Where the folder of the configuration can't be written to, as `/etc`, name another.",
        )
        .such_as("\"/var/lib/samspill\""),
    ],
);

pub(super) const STORE: Section = Section::new(
    "[store]",
    "Where the log is kept.",
    &[
        Setting::required(
            "place",
            Shape::Place,
            "SQLite in a file on a local disk, or PostgreSQL 15 or later. Several nodes need PostgreSQL. A password has no place in it. To another machine: `?sslmode=verify-full`, with `&sslrootcert=<path>` for an authority of your own.",
            "\"postgres://samspill@localhost/samspill\"",
        ),
        Setting::optional(
            "password",
            Shape::Secret,
            "The password for PostgreSQL. Without it: what libpq's variables say, or none.",
            "{ file = \"/etc/samspill/postgres-password\" }",
        ),
        Setting::optional(
            "person_keys",
            Shape::Secret,
            "The keys that messages and persons of the log are sealed with, for a node without `[web]`: the same as `person_keys` there, also where both stand. All nodes of a store must have them. Without keys all is kept in the clear, what others sealed isn't read, and nothing is added to a log whose persons they sealed.",
            "{ file = \"/etc/samspill/person-keys.txt\" }",
        ),
        Setting::or(
            "connections_max",
            Shape::Whole(2, 200, "connections"),
            "8",
            "Connections to PostgreSQL at the most; half of them write or wait to write, the others are for reading. All nodes together must stay under the server's `max_connections`.",
        ),
        Setting::or(
            "wait",
            Shape::Time(100, 600_000),
            "\"5 s\"",
            "How long to wait for a lock or a free connection.",
        ),
    ],
);

pub(super) const HTTP: Section = Section::new(
    "[http]",
    "Health, readiness and metrics.",
    &[
        Setting::or(
            "address",
            Shape::Address,
            "\"127.0.0.1\"",
            "Where to listen. There is no login and no TLS: leave it on this machine, and let a proxy or the monitoring agent reach it.",
        ),
        Setting::or(
            "port",
            Shape::Whole(0, 65_535, ""),
            "8311",
            "The port. 0 takes a free one, which the log tells.",
        ),
        Setting::or(
            "request_time_max",
            Shape::Time(100, 300_000),
            "\"10 s\"",
            "A request that takes longer is answered with 503. One that takes exactly so long is too late.",
        ),
        Setting::or(
            "body_bytes_max",
            Shape::Whole(0, 67_108_864, "bytes"),
            "65536",
            "A larger body is refused with 413. Exactly as many bytes are taken.",
        ),
        Setting::or(
            "stop_within",
            Shape::Time(100, 600_000),
            "\"30 s\"",
            "How long work under way may go on after the signal to stop. What isn't finished then comes again at the next start. Keep it under `TimeoutStopSec` of the service manager.",
        ),
    ],
);
