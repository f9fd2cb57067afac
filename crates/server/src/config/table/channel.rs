use crate::config::shape::{Section, Setting, Shape};

pub(super) const CHANNEL: Section = Section::new(
    "[[channel]]",
    "A way to other systems. Without one, nothing is sent or received.",
    &[
        Setting::required("name", Shape::Slug, "The channel's name in logs, metrics and the message monitor.", "\"nettverk\""),
        Setting::required("kind", Shape::Word(&["folder", "amqp", "edi"]), "A watched folder, a broker (AMQP 1.0), or the message service's REST API (EDI 2.0).", "\"amqp\""),
        Setting::or("own", Shape::List(&Shape::HerId), "[]", "Our services whose messages come this way. Each must be a service in an `[[organisation]]`. A folder takes what lies in it, whoever it is for.").such_as("[\"8000012\"]"),
        Setting::or("to", Shape::List(&Shape::HerId), "[]", "Receivers whose messages go this way. A receiver stands under one channel.").such_as("[\"8000112\"]"),
        Setting::or("default", Shape::Switch, "false", "Whether messages go this way whose receiver stands under no channel. One channel at the most. Without one such a message becomes a dead letter.").such_as("true"),
        Setting::required("inbox", Shape::Path, "The folder that others put documents in.", "\"inn\"").of("folder"),
        Setting::required("outbox", Shape::Path, "The folder that we put documents in. Another than `inbox`.", "\"ut\"").of("folder"),
        Setting::or("look_every", Shape::Time(100, 3_600_000), "\"2 s\"", "How often the folder is looked into.").of("folder"),
        Setting::or(
            "file_bytes_max",
            Shape::Whole(1024, 268_435_456, "bytes"),
            "20971520",
            "The largest file. A larger one is set aside unread, with a text beside it that says so; the monitor doesn't know of it. Exactly as many bytes are taken.",
        )
        .of("folder"),
        Setting::required("broker", Shape::Url(&["amqps", "amqp"]), "The broker's address. `amqp://` is not encrypted: within one machine alone.", "\"amqps://broker.example:5671\"").of("amqp"),
        Setting::optional("user", Shape::Line, "The user at the broker. Without it: anonymous.", "\"samspill\"").of("amqp"),
        Setting::optional("password", Shape::Secret, "The user's password.", "{ env = \"SAMSPILL_BROKER_PASSWORD\" }").of("amqp"),
        Setting::or("addressing", Shape::Word(&["rabbitmq", "service-bus"]), "\"rabbitmq\"", "How the broker names queues; both ways of the national specification (HITS 1216).").of("amqp"),
        Setting::or("namespace", Shape::Text, "\"\"", "What stands before a queue's name.").such_as("\"NHNTestServiceBus\"").of("amqp"),
        Setting::optional("certificates", Shape::Path, "Certificates to believe (PEM), and no others. Without it: those that the machine believes.", "\"broker-ca.pem\"").of("amqp"),
        Setting::or("credit", Shape::Whole(1, 1000, "messages"), "10", "Unsettled messages that the broker may give from one queue.").of("amqp"),
        Setting::or("message_bytes_max", Shape::Whole(1024, 268_435_456, "bytes"), "20971520", "The largest message, both ways. Exactly as many bytes are taken.").of("amqp"),
        Setting::required("service", Shape::Url(&["https", "http"]), "The address of the API. `http://` within one machine alone.", "\"https://edi.example/api\"").of("edi"),
        Setting::required("token_url", Shape::Url(&["https", "http"]), "Where tokens are fetched.", "\"https://innlogging.example/connect/token\"").of("edi"),
        Setting::required("client", Shape::Line, "Our client id there.", "\"samspill-nesodal\"").of("edi"),
        Setting::required("key", Shape::Secret, "Our private key there (JWK).", "{ file = \"/etc/samspill/edi-key.jwk\" }").of("edi"),
        Setting::or("fetch_every", Shape::Time(1000, 3_600_000), "\"10 s\"", "How long to wait after there was nothing to fetch.").of("edi"),
    ],
);
