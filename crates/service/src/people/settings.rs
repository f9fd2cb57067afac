use jiff::SignedDuration;

use super::Hashing;

/// What accounts go by: every limit in one place.
#[derive(Clone, Debug)]
pub struct AccountSettings {
    /// Wrong passwords in a row that lock an account: this one does, the one before doesn't.
    pub lock_after: u32,
    /// How long it is locked. When so long has passed, to the instant, it may be tried again.
    pub lock_for: SignedDuration,
    /// How long a link to set a password with can be used; exactly as long, it still can.
    pub link_for: SignedDuration,
    /// How long a session lasts that isn't used; exactly as long, it still runs.
    pub idle_max: SignedDuration,
    /// How long a session lasts however much it is used; exactly as long, it still runs.
    pub session_max: SignedDuration,
    /// How long a session is used before that is written down again.
    pub seen_every: SignedDuration,
    /// How long another system's token may be valid.
    pub token_max: SignedDuration,
    /// How passwords are hashed.
    pub hashing: Hashing,
}

impl Default for AccountSettings {
    /// 5 wrong passwords, locked for 15 minutes; links for 72 hours; sessions for 30 minutes unused and 12 hours at the most; tokens
    /// for a year.
    fn default() -> Self {
        Self {
            lock_after: 5,
            lock_for: SignedDuration::from_mins(15),
            link_for: SignedDuration::from_hours(72),
            idle_max: SignedDuration::from_mins(30),
            session_max: SignedDuration::from_hours(12),
            seen_every: SignedDuration::from_mins(1),
            token_max: SignedDuration::from_hours(365 * 24),
            hashing: Hashing::default(),
        }
    }
}
