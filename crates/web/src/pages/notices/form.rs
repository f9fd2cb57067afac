//! What the form says.

use jiff::civil::Time;
use samspill_service::notices::{BEFORE_MINUTES, Choice, NoticeKind, Quiet, Scope};
use serde::Deserialize;

/// Bytes of an address at the most (RFC 5321).
const ADDRESS_BYTES_MAX: usize = 254;

/// A form that was sent. What it leaves out, or says as no form of ours would, is what is usual.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pa: String,
    epost: String,
    slag: Vec<String>,
    foran: String,
    hvem: String,
    #[serde(rename = "stille-fra")]
    quiet_from: String,
    #[serde(rename = "stille-til")]
    quiet_until: String,
    pub(super) versjon: u64,
}

impl Said {
    /// Reads a form.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        serde_html_form::from_bytes(bytes).ok()
    }

    /// Whether anything is to be sent.
    pub(super) fn is_on(&self) -> bool {
        !self.pa.is_empty()
    }

    /// What somebody wants.
    pub(super) fn wants(&self) -> Choice {
        let usual = Choice::default();
        let minutes = self.foran.parse().ok().filter(|minutes| BEFORE_MINUTES.contains(minutes));
        let time = |text: &str, usual: Time| text.parse().unwrap_or(usual);
        Choice {
            address: self.epost.trim().to_owned(),
            is_verified: false,
            kinds: NoticeKind::ALL
                .into_iter()
                .filter(|kind| self.slag.iter().any(|it| it == kind.as_str()))
                .collect(),
            before_minutes: minutes.unwrap_or(usual.before_minutes),
            scope: if self.hvem == scope_word(Scope::Mine) { Scope::Mine } else { Scope::Unit },
            quiet: Quiet {
                from: time(&self.quiet_from, usual.quiet.from),
                until: time(&self.quiet_until, usual.quiet.until),
            },
        }
    }
}

/// What a scope is called in forms.
pub(super) fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::Mine => "mine",
        Scope::Unit => "enheten",
    }
}

/// A time as forms have it: `22:00`.
pub(super) fn time_word(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Whether a text can be an address. Whether anybody reads what is sent there, only a link shows.
pub(super) fn is_address(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_graphic() && !"<>()[]\\,;:\"".contains(letter);
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_domain =
        domain.contains('.') && domain.split('.').all(|part| !part.is_empty()) && !domain.contains('@');
    text.len() <= ADDRESS_BYTES_MAX && !local.is_empty() && is_domain && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        for good in ["kari@sykehus.example", "k.n+varsel@post.sykehus.example"] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("{}@b.example", "a".repeat(245));
        for bad in [
            "",
            "kari",
            "kari@",
            "@b.example",
            "kari@sykehus",
            "a@b@c.example",
            "a b@c.example",
            "a@c..example",
            "<a@b.example>",
            "a@b.example,c@d.example",
            "a@b.example\r\n",
            "å@b.example",
            &long,
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(is_address(&long[1..]));
    }

    #[test]
    fn a_form_says_what_is_usual_where_it_says_nothing_of_ours() {
        let said = Said::read(b"epost=+kari%40b.example+&slag=svar&slag=tull&foran=7&hvem=alle&stille-fra=25%3A00&stille-til=06%3A30").unwrap();
        let wants = said.wants();
        assert_eq!((wants.address.as_str(), said.is_on(), said.versjon), ("kari@b.example", false, 0));
        assert_eq!(wants.kinds, [NoticeKind::Answer].into());
        assert_eq!((wants.before_minutes, wants.scope), (60, Scope::Unit));
        assert_eq!(
            (time_word(wants.quiet.from), time_word(wants.quiet.until)),
            ("22:00".into(), "06:30".into())
        );
        assert!(Said::read(b"versjon=x").is_none());
    }
}
