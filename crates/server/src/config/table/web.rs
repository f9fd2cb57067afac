use crate::config::shape::{Section, Setting, Shape};

pub(super) const WEB: Section = Section::new(
    "[web]",
    "The front door: pages, the API and FHIR. Without this section there is none.",
    &[
        Setting::required(
            "origin",
            Shape::Url(&["https", "http"]),
            "What users write in the browser, without a path. `http://` within one machine alone.",
            "\"https://samspill.example\"",
        ),
        Setting::or(
            "address",
            Shape::Address,
            "\"127.0.0.1\"",
            "Where to listen: on this machine for a proxy that does TLS, or on another of its addresses with `certificate`.",
        ),
        Setting::or(
            "port",
            Shape::Whole(0, 65_535, ""),
            "8310",
            "The port. 0 takes a free one, which the log tells.",
        ),
        Setting::optional(
            "certificate",
            Shape::Path,
            "The certificate and those above it (PEM). With it TLS is done here; without it a proxy must. Read again when this file or that of the key is changed.",
            "\"/etc/samspill/tls.pem\"",
        ),
        Setting::optional(
            "certificate_key",
            Shape::Secret,
            "The key of the certificate (PEM).",
            "{ file = \"/etc/samspill/tls-key.pem\" }",
        ),
        Setting::or(
            "proxies",
            Shape::List(&Shape::Address),
            "[]",
            "Proxies in front, which say in `X-Forwarded-For` who asks. Nobody else is believed.",
        )
        .such_as("[\"127.0.0.1\"]"),
        Setting::optional(
            "secrets",
            Shape::Secret,
            "What all nodes know beside the store, for logins under way: a line each, the newest first (`samspill keys new login`). Without it one is made at the start, which is good for one node.",
            "{ file = \"/etc/samspill/login-secrets.txt\" }",
        ),
        Setting::required(
            "person_keys",
            Shape::Secret,
            "The keys that names, national identity numbers and messages are sealed with in the store (`samspill keys new persons`). Who loses them loses what they seal.",
            "{ file = \"/etc/samspill/person-keys.txt\" }",
        ),
        Setting::or(
            "passwords",
            Shape::Switch,
            "true",
            "Whether accounts log in with a password. Switch it off where all log in through a provider.",
        ),
        Setting::or(
            "idle_max",
            Shape::Time(60_000, 86_400_000),
            "\"30 min\"",
            "A session in which nothing was asked for so long is over. Exactly so long isn't too long.",
        ),
        Setting::or("session_max", Shape::Time(600_000, 86_400_000), "\"12 h\"", "No session lasts longer."),
        Setting::or(
            "lock_after",
            Shape::Whole(3, 100, "attempts"),
            "5",
            "So many wrong passwords in a row lock an account.",
        ),
        Setting::or("lock_for", Shape::Time(60_000, 86_400_000), "\"15 min\"", "For how long."),
        Setting::or(
            "setup_link_max",
            Shape::Time(600_000, 2_592_000_000),
            "\"72 h\"",
            "How long the link lasts by which somebody sets the first password.",
        ),
        Setting::or(
            "request_time_max",
            Shape::Time(1000, 300_000),
            "\"30 s\"",
            "A request that takes longer is answered with 503. Streams go on.",
        ),
        Setting::or(
            "body_bytes_max",
            Shape::Whole(1024, 67_108_864, "bytes"),
            "2097152",
            "A larger body is refused with 413. Exactly as many bytes are taken.",
        ),
        Setting::or(
            "files_bytes_max",
            Shape::Whole(1024, 268_435_456, "bytes"),
            "50331648",
            "The same of the forms in which messages are written, with the files that go with them. At least `body_bytes_max`.",
        ),
        Setting::or(
            "bulk_bytes_max",
            Shape::Whole(1024, 4_294_967_296, "bytes"),
            "268435456",
            "The same where many entries or messages are brought at a time. At least `body_bytes_max`.",
        ),
        Setting::or(
            "login_rate",
            Shape::Whole(1, 10_000, "attempts"),
            "10",
            "Attempts to log in, a minute, from one address.",
        ),
        Setting::or(
            "page_rate",
            Shape::Whole(1, 1_000_000, "requests"),
            "600",
            "Requests of one account to pages, a minute. Half as many may come at once.",
        ),
        Setting::or(
            "api_rate",
            Shape::Whole(1, 1_000_000, "requests"),
            "3000",
            "Requests of one account to the API and FHIR, a minute. A fifth as many may come at once.",
        ),
        Setting::or(
            "address_rate",
            Shape::Whole(1, 10_000_000, "requests"),
            "12000",
            "Requests from one address, a minute, whoever asks. A quarter as many may come at once. Raise it where a whole hospital comes from one address.",
        ),
        Setting::optional("oidc", Shape::Table(&OIDC), "", ""),
        Setting::optional("machines", Shape::Table(&MACHINES), "", ""),
    ],
);

const OIDC: Section = Section::new(
    "[web.oidc]",
    "A login provider such as HelseID. Without this section there are local accounts alone.",
    &[
        Setting::required(
            "issuer",
            Shape::Url(&["https", "http"]),
            "The provider, as it calls itself.",
            "\"https://innlogging.example\"",
        ),
        Setting::required(
            "client",
            Shape::Line,
            "The id that we are registered under there.",
            "\"samspill-nord\"",
        ),
        Setting::required(
            "key",
            Shape::Secret,
            "The key that we are registered with (JWK or PEM).",
            "{ file = \"/etc/samspill/oidc-key.jwk\" }",
        ),
        Setting::optional(
            "old_key",
            Shape::Secret,
            "The key before it, while both are registered.",
            "{ file = \"/etc/samspill/oidc-key-old.jwk\" }",
        ),
        Setting::or("scope", Shape::Line, "\"openid profile\"", "What is asked for."),
        Setting::optional(
            "shown",
            Shape::Line,
            "What the login button says. Without it: the host of the provider.",
            "\"HelseID\"",
        ),
        Setting::optional(
            "login_claim",
            Shape::Line,
            "The claim that ties somebody to an account the first time: the account's login is its value. Without it an administrator ties them.",
            "\"helseid://claims/hpr/hpr_number\"",
        ),
        Setting::or(
            "demands",
            Shape::List(&Shape::Line),
            "[]",
            "Claims that a login must hold, each as `claim=value`.",
        )
        .such_as("[\"helseid://claims/identity/security_level=4\"]"),
        Setting::or(
            "assertion",
            Shape::Claims,
            "{}",
            "Claims beside those of the standard in what we sign to say who we are, as the provider wants them: such as `assertion_details`, for which organisation we ask.",
        )
        .such_as("{ assertion_details = [{ type = \"helseid_authorization\" }] }"),
        Setting::optional(
            "organisation_claim",
            Shape::Line,
            "The claim with the number of the organisation that somebody logs in for. They get in with a role of its party alone, and not at all where the number stands under none.",
            "\"helseid://claims/client/claims/orgnr_parent\"",
        ),
        Setting::or("organisation", Shape::Tables(&OIDC_ORGANISATION), "[]", ""),
    ],
);

const OIDC_ORGANISATION: Section = Section::new(
    "[[web.oidc.organisation]]",
    "Which party an organisation is that somebody logs in for.",
    &[
        Setting::required("number", Shape::Line, "What the claim holds.", "\"999999999\""),
        Setting::required("party", Shape::Line, "The party, as the address book calls it.", "\"Nesodal\""),
    ],
);

const MACHINES: Section = Section::new(
    "[web.machines]",
    "Tokens that other systems got from a provider. Tokens of accounts (`samspill account token`) work without this section.",
    &[
        Setting::required(
            "issuer",
            Shape::Url(&["https", "http"]),
            "Who made them.",
            "\"https://innlogging.example\"",
        ),
        Setting::required("audience", Shape::Line, "Whom they are for: us.", "\"nord:samspill\""),
        Setting::required("scope", Shape::Line, "The scope that they must hold.", "\"nord:samspill/api\""),
        Setting::or(
            "bearer",
            Shape::Word(&["refused", "allowed"]),
            "\"refused\"",
            "Whether a token that isn't bound to a key (DPoP) is taken. Whoever finds one can use it.",
        ),
    ],
);
