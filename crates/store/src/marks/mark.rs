//! One mark: how it is made, and found in a text.

use sha2::{Digest, Sha256};

use crate::{CommunityId, Seal};

/// Letters of a mark: its sign, `~`, and 32.
pub(crate) const LENGTH: usize = 34;

/// A text that stands after all marks, in the order of their bytes.
pub(crate) const AFTER_ALL: &str = "~";

const DOMAIN: &[u8] = b"samspill log person 1\n";
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A text, or a part of one.
    Text,
    /// A value that is a number.
    Number,
}

impl Sign {
    fn letter(self) -> char {
        match self {
            Self::Text => 'p',
            Self::Number => 'n',
        }
    }

    /// Whether a mark has this sign.
    pub(super) fn is_of(self, mark: &str) -> bool {
        mark.starts_with(self.letter())
    }
}

/// The mark of a number in the log of a community.
pub(super) fn mark(seal: &dyn Seal, community: &CommunityId, sign: Sign, number: &str) -> String {
    let letter = sign.letter();
    let given = seal.mark(&format!("log person\n{community}\n{letter}\n{number}"));
    let digest = Sha256::new().chain_update(DOMAIN).chain_update(given).finalize();
    let mut mark = format!("{letter}~");
    for five in digest.chunks_exact(5).take(4) {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        mark.extend((0..8).rev().filter_map(|place| {
            let letter = usize::try_from(bits >> (5 * place) & 31).ok()?;
            LETTERS.get(letter).map(|letter| char::from(*letter))
        }));
    }
    mark
}

/// Whether a text is built as a mark is.
pub(crate) fn is_mark(text: &str) -> bool {
    let Some(letters) = text.strip_prefix("p~").or_else(|| text.strip_prefix("n~")) else { return false };
    text.len() == LENGTH && letters.bytes().all(|letter| LETTERS.contains(&letter))
}

/// What is built as a mark in a text, and where. Two may lie over each other; then one of them at the most is a mark.
pub(super) fn marks_in(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('~').filter_map(move |(tilde, _)| {
        let at = tilde.checked_sub(1)?;
        let mark = text.get(at..at + LENGTH)?;
        is_mark(mark).then_some((at, mark))
    })
}

/// A text with what is known of its marks in their places; `None` where nothing is.
pub(super) fn replaced(text: &str, mut known: impl FnMut(&str) -> Option<String>) -> Option<String> {
    let (mut out, mut done) = (String::new(), 0);
    for (at, mark) in marks_in(text) {
        if at < done {
            continue;
        }
        if let Some(number) = known(mark) {
            out.push_str(text.get(done..at)?);
            out.push_str(&number);
            done = at + LENGTH;
        }
    }
    if done == 0 {
        return None;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SealError;

    #[derive(Debug)]
    struct Plain;

    impl Seal for Plain {
        fn newest(&self) -> &'static str {
            "a"
        }

        fn seal(&self, _: &[u8], clear: &[u8]) -> Result<Vec<u8>, SealError> {
            Ok(clear.to_vec())
        }

        fn open(&self, _: &str, _: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
            Ok(sealed.to_vec())
        }

        fn mark(&self, text: &str) -> String {
            format!("merke {text}")
        }
    }

    fn of(community: &str, sign: Sign, number: &str) -> String {
        mark(&Plain, &CommunityId::new(community).unwrap(), sign, number)
    }

    /// Worked out with another program: `printf 'samspill log person 1\nmerke log person\nnord\np\n41814061033' | sha256sum`, the
    /// first 20 bytes by `base32`.
    #[test]
    fn a_mark_is_what_is_written_down() {
        assert_eq!(of("nord", Sign::Text, "41814061033"), "p~34dykdtlesa5qrsjakk2rshsw6faioim");
    }

    #[test]
    fn marks_differ_by_number_community_and_sign() {
        let one = of("nord", Sign::Text, "41814061033");
        assert_eq!((one.len(), is_mark(&one)), (LENGTH, true));
        assert_eq!(one, of("nord", Sign::Text, "41814061033"));
        for other in [
            of("sor", Sign::Text, "41814061033"),
            of("nord", Sign::Number, "41814061033"),
            of("nord", Sign::Text, "41814061034"),
            of("nord", Sign::Text, ""),
        ] {
            assert!(is_mark(&other) && other != one, "{other}");
        }
    }

    #[test]
    fn what_is_no_mark_is_none() {
        let letters = "a".repeat(32);
        for (text, expected) in [
            (format!("p~{letters}"), true),
            (format!("n~{letters}"), true),
            (format!("q~{letters}"), false),
            (format!("p~{letters}a"), false),
            (format!("p~{}", &letters[1..]), false),
            (format!("p~{}1", &letters[1..]), false),
            (format!("p~{}A", &letters[1..]), false),
            (format!("P~{letters}"), false),
            ("41814061033".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(is_mark(&text), expected, "{text}");
        }
        assert!(AFTER_ALL > of("nord", Sign::Text, "1").as_str());
    }

    #[test]
    fn marks_are_found_wherever_they_stand_and_also_behind_what_only_looks_like_one() {
        let mark = of("nord", Sign::Text, "1");
        let behind = format!("p~{}", "b".repeat(31));
        for (before, after) in
            [("", ""), ("ø ", " å"), ("~", "~"), ("pp~", "abc"), (behind.as_str(), "x"), ("p~", "")]
        {
            let text = format!("{before}{mark}{after}");
            let put = replaced(&text, |found| (found == mark).then(|| "«1»".to_owned()));
            assert_eq!(put, Some(format!("{before}«1»{after}")), "{text}");
        }
        let twice = format!("{mark}{mark}");
        assert_eq!(replaced(&twice, |_| Some("1".to_owned())), Some("11".to_owned()));
        assert_eq!(replaced(&twice, |_| None), None);
        assert_eq!(replaced("uten", |_| Some("1".to_owned())), None);
    }
}
