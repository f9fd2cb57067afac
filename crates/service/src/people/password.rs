use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};

use super::{Random, random::bytes};

/// How much work it is to hash a password (Argon2id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hashing {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// How often the memory is passed over.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// How many passwords are hashed at once; others wait. It keeps a flood of logins from taking all memory.
    pub at_once: usize,
}

impl Default for Hashing {
    /// 19 MiB, two passes, one lane: what OWASP asks for. Two at once.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1, at_once: 2 }
    }
}

impl Hashing {
    /// As little work as there can be, for tests and demonstrations.
    pub fn quick() -> Self {
        Self { memory_kib: 8, passes: 1, lanes: 1, at_once: 8 }
    }

    /// What is kept of a password, with a new salt.
    pub(super) fn hash(self, password: &str, random: &dyn Random) -> Result<String, HashError> {
        let hash = self.argon()?.hash_password_with_salt(password.as_bytes(), &bytes::<16>(random));
        hash.map(|hash| hash.to_string()).map_err(|error| HashError(error.to_string()))
    }

    /// Whether something was kept with as much work as this.
    pub(super) fn made(self, kept: &str) -> bool {
        let Self { memory_kib, passes, lanes, at_once: _ } = self;
        kept.starts_with(&format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}$"))
    }

    fn argon(self) -> Result<Argon2<'static>, HashError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None);
        let params = params.map_err(|error| HashError(error.to_string()))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// Whether a password is the one that was kept. The work is that with which it was kept.
pub(super) fn fits(password: &str, kept: &str) -> bool {
    let Ok(kept) = PasswordHash::new(kept) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &kept).is_ok()
}

/// The settings for hashing are none that Argon2 can do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("passwords can't be hashed ({0}): look at memory, passes and lanes in the settings")]
pub struct HashError(String);

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Too short.
    #[error("the password is too short: give it {LENGTH_MIN} characters at least")]
    Short,
    /// Too long.
    #[error("the password is too long: give it {LENGTH_MAX} characters at the most")]
    Long,
    /// The login is in it.
    #[error("the password holds the login name: leave that out")]
    HoldsLogin,
    /// Many have it, or it is one character or row of keys again and again.
    #[error("the password is one that is easy to guess: take three or four words that don't belong together")]
    Common,
}

/// Characters at the least.
const LENGTH_MIN: usize = 12;

/// Characters at the most.
const LENGTH_MAX: usize = 200;

/// A password has more characters than this that differ.
const DIFFERENT_MIN: usize = 5;

/// Logins shorter than this may be in a password by chance.
const LOGIN_MIN: usize = 3;

/// Refuses a password that is easy to guess. There are no rules about digits and marks.
///
/// # Errors
///
/// What is wrong with it: the first of the faults, in their order.
pub fn check_password(password: &str, login: &str) -> Result<(), PasswordFault> {
    let length = password.chars().count();
    if length < LENGTH_MIN {
        return Err(PasswordFault::Short);
    }
    if length > LENGTH_MAX {
        return Err(PasswordFault::Long);
    }
    let (small, login) = (password.to_lowercase(), login.to_lowercase());
    let own = login.split('@').next().unwrap_or_default();
    if own.chars().count() >= LOGIN_MIN && small.contains(own) {
        return Err(PasswordFault::HoldsLogin);
    }
    if is_common(&small) { Err(PasswordFault::Common) } else { Ok(()) }
}

fn is_common(small: &str) -> bool {
    let different: std::collections::BTreeSet<char> = small.chars().collect();
    if different.len() < DIFFERENT_MIN || is_row(small) {
        return true;
    }
    let word = small.trim_matches(|letter: char| !letter.is_alphabetic());
    let listed = include_str!("../../data/bad-passwords.txt").lines().filter(|line| !line.starts_with('#'));
    word.is_empty() || listed.into_iter().any(|bad| bad == word)
}

/// Whether it is characters that follow each other: `123456789012`, `abcdefghijklm`, or backwards.
fn is_row(small: &str) -> bool {
    let codes: Vec<i64> = small.chars().map(|letter| i64::from(u32::from(letter))).collect();
    let steps = || codes.windows(2).filter_map(|pair| Some(pair.get(1)? - pair.first()?));
    [1, -1].into_iter().any(|wanted| steps().filter(|step| *step == wanted).count() + 2 >= codes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::SystemRandom;

    #[test]
    fn a_password_is_refused_for_what_it_is() {
        use PasswordFault::{Common, HoldsLogin, Long, Short};
        let rows = [
            ("hest batter", Err(Short)),
            ("hest battery", Ok(())),
            ("øøøøøøøøøøæå", Err(Common)),
            ("kari.nordmann og mer", Err(HoldsLogin)),
            ("KARI.NORDMANN og mer", Err(HoldsLogin)),
            ("Sommer2024!!", Err(Common)),
            ("sommer og snø 24", Ok(())),
            ("123456789012", Err(Common)),
            ("98765432109876", Err(Common)),
            ("1928374650192", Err(Common)),
            ("abcdefghijklm", Err(Common)),
            ("Passord12345", Err(Common)),
            (&"ab".repeat(6), Err(Common)),
        ];
        for (password, expected) in rows {
            assert_eq!(check_password(password, "kari.nordmann@sykehus.no"), expected, "{password}");
        }
        let long = |length: usize| {
            check_password(&"hest på tak".chars().cycle().take(length).collect::<String>(), "kari")
        };
        assert_eq!((long(200), long(201)), (Ok(()), Err(Long)));
    }

    #[test]
    fn only_the_password_that_was_kept_fits_and_salts_differ() {
        let hashing = Hashing::quick();
        let [one, other] = [0, 1].map(|_| hashing.hash("hest og batteri", &SystemRandom).unwrap());
        assert_ne!(one, other);
        assert!(one.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{one}");
        assert!(hashing.made(&one) && !Hashing::default().made(&one));
        assert!(fits("hest og batteri", &one) && fits("hest og batteri", &other));
        for wrong in ["", "hest og batteri ", "Hest og batteri"] {
            assert!(!fits(wrong, &one), "{wrong}");
        }
        assert!(!fits("hest", "tull"));
    }
}
