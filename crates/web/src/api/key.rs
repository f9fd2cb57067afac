use axum::http::HeaderMap;
use samspill_store::{AppendKey, NameError};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::problem::{Problem, ProblemKind};
use crate::Signed;

/// Letters of a key at the most.
const LENGTH_MAX: usize = 128;

/// Names of our own are made under this one. It never changes: what was done before must be known again.
const OURS: Uuid = Uuid::from_u128(0x1e0c_52f6_7b0a_4d0e_9d35_6170_692d_7631);

/// What makes a request the same one when it is sent again: the caller's `Idempotency-Key`, and who the caller is. Nobody else can find
/// out what somebody's keys stand for.
#[derive(Clone, Debug)]
pub(crate) struct Once {
    whose: String,
}

impl Once {
    /// The key of a request.
    ///
    /// # Errors
    ///
    /// None, or one that isn't 1 to 128 visible ASCII letters.
    pub(crate) fn of(headers: &HeaderMap, signed: &Signed) -> Result<Self, Problem> {
        let given = headers.get("idempotency-key").ok_or_else(|| {
            Problem::new(
                ProblemKind::KeyMissing,
                "Make up a key for this request, such as a UUID, and send it in Idempotency-Key: sent again with the same key, it is done once.",
            )
            .at("Idempotency-Key", "it is missing")
        })?;
        let is_key = |key: &&str| {
            !key.is_empty() && key.len() <= LENGTH_MAX && key.bytes().all(|it| it.is_ascii_graphic())
        };
        let key = given.to_str().ok().filter(is_key).ok_or_else(|| {
            let says = format!("write 1 to {LENGTH_MAX} visible ASCII letters, such as a UUID");
            Problem::parameter("Idempotency-Key", says)
        })?;
        Ok(Self { whose: format!("{}\n{key}", signed.subject.account) })
    }

    /// The key of an append.
    pub(crate) fn append(&self) -> Result<AppendKey, NameError> {
        AppendKey::new(format!("api-{}", self.digest("append")))
    }

    /// The key of the append of a line, from 1.
    pub(crate) fn line(&self, line: u64) -> Result<AppendKey, NameError> {
        AppendKey::new(format!("api-{}", self.digest(&format!("line {line}"))))
    }

    /// The id of the message that is sent.
    pub(crate) fn message(&self) -> String {
        Uuid::new_v5(&OURS, format!("message\n{}", self.whose).as_bytes()).to_string()
    }

    /// Under what it is kept what was asked for with the key.
    pub(crate) fn subject(&self) -> String {
        format!("api-{}", self.digest("request"))
    }

    fn digest(&self, what: &str) -> String {
        hex(&Sha256::digest(format!("{what}\n{}", self.whose)))
    }
}

/// What a party calls a stay of its own, as the log calls it. Nobody can tell from it whether another party has a stay of this name.
pub(crate) fn own_case(party: &str, name: &str) -> String {
    format!("opphold-{}", Uuid::new_v5(&OURS, format!("stay\n{party}\n{name}").as_bytes()))
}

/// Bytes as text.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_nothing_about_another_accounts_or_another_use() {
        let (one, other) = (Once { whose: "a\nk".to_owned() }, Once { whose: "b\nk".to_owned() });
        assert_eq!(one.append().unwrap(), one.append().unwrap());
        assert_ne!(one.append().unwrap(), other.append().unwrap());
        assert_ne!(one.append().unwrap(), one.line(1).unwrap());
        assert_ne!(one.message(), other.message());
        assert_ne!(own_case("a", "1"), own_case("b", "1"));
    }
}
