use crate::config::shape::{Section, Setting, Shape};

pub(super) const MAIL: Section = Section::new(
    "[mail]",
    "The mail server by which people get the notices that they chose. Without this section none are sent.",
    &[
        Setting::required("host", Shape::Line, "The mail server.", "\"smtp.example\""),
        Setting::or(
            "port",
            Shape::Whole(1, 65_535, ""),
            "587",
            "Its port: usually 587 with `starttls`, 465 with `tls`.",
        ),
        Setting::or(
            "tls",
            Shape::Word(&["starttls", "tls", "none"]),
            "\"starttls\"",
            "How the line is encrypted: by a word after the greeting, which must be answered; from the first byte; or not at all, to a server on this machine alone.",
        ),
        Setting::optional(
            "certificates",
            Shape::Path,
            "Certificates (PEM) to believe, and no others. Without it, those that this machine believes.",
            "\"/etc/samspill/mail-ca.pem\"",
        ),
        Setting::optional("user", Shape::Line, "The user there. Without it nobody logs in.", "\"samspill\""),
        Setting::optional(
            "password",
            Shape::Secret,
            "The user's password.",
            "{ env = \"SAMSPILL_MAIL_PASSWORD\" }",
        ),
        Setting::required(
            "from",
            Shape::Line,
            "The address that notices come from. What is answered to it, nobody here reads.",
            "\"samspill@samspill.example\"",
        ),
        Setting::or(
            "timeout",
            Shape::Time(1000, 300_000),
            "\"30 s\"",
            "How long the server may take for one message.",
        ),
        Setting::or(
            "every",
            Shape::Time(10_000, 3_600_000),
            "\"2 min\"",
            "How often it is looked whether anybody is to be told something.",
        ),
    ],
);
