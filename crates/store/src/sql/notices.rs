//! The SQL of notices: what people want to be told, what they were told, and when they looked. `$1` is the community.

macro_rules! choices {
    ($where:literal) => {
        concat!(
            "SELECT account, state, key_id, sealed, link, asked_us, version, changed_us FROM notice_choice \
            WHERE community = $1 AND ",
            $where
        )
    };
}

/// The choice of an account.
pub(crate) const CHOICE: &str = choices!("account = $2");

/// Choices after an account, some at the most.
pub(crate) const CHOICES_AFTER: &str = choices!("account > $2 ORDER BY account LIMIT $3");

/// Choices sealed with another key, some at the most.
pub(crate) const CHOICES_NOT_OF_KEY: &str = choices!("key_id <> $2 ORDER BY account LIMIT $3");

/// How many choices are sealed with another key.
pub(crate) const COUNT_NOT_OF_KEY: &str =
    "SELECT COUNT(*) FROM notice_choice WHERE community = $1 AND key_id <> $2";

/// A choice of somebody who had none.
pub(crate) const ADD_CHOICE: &str = "INSERT INTO notice_choice \
    (community, account, state, key_id, sealed, link, asked_us, version, changed_us) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8) ON CONFLICT DO NOTHING";

/// A choice as it is now, if it still has the version before.
pub(crate) const SET_CHOICE: &str = "UPDATE notice_choice SET \
    state = $3, key_id = $4, sealed = $5, link = $6, asked_us = $7, changed_us = $8, version = $9 + 1 \
    WHERE community = $1 AND account = $2 AND version = $9";

/// A notice is to be sent: it wasn't claimed, or long ago and without an end.
pub(crate) const CLAIM: &str = "INSERT INTO notice_told (community, account, notice, claimed_us, tries) \
    VALUES ($1, $2, $3, $4, 1) \
    ON CONFLICT (community, account, notice) DO UPDATE SET claimed_us = excluded.claimed_us, tries = notice_told.tries + 1 \
    WHERE notice_told.told_us IS NULL AND notice_told.claimed_us <= $5 AND notice_told.tries < $6";

/// A notice was told.
pub(crate) const TOLD: &str =
    "UPDATE notice_told SET told_us = $4 WHERE community = $1 AND account = $2 AND notice = $3";

/// A notice is given back, with so many of its tries.
pub(crate) const RELEASE: &str = "UPDATE notice_told SET claimed_us = 0, tries = tries - $4 \
    WHERE community = $1 AND account = $2 AND notice = $3 AND told_us IS NULL AND tries >= $4";

/// What was claimed before an instant is forgotten.
pub(crate) const FORGET: &str = "DELETE FROM notice_told WHERE community = $1 AND claimed_us < $2";

/// Those of some notices, `AT_ONCE` of `mail/desk.rs`, that an account isn't to be told any more.
pub(crate) const TOLD_OF: &str = "SELECT notice FROM notice_told WHERE community = $1 \
    AND notice IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
    AND account = $18 AND (told_us IS NOT NULL OR claimed_us > $19 OR tries >= $20)";

/// Somebody has seen the tasks of a role.
pub(crate) const LOOK_AT_TASKS: &str = "INSERT INTO task_look (community, account, role, at_us) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (community, account, role) DO UPDATE SET at_us = excluded.at_us WHERE task_look.at_us < excluded.at_us";

/// When somebody last did.
pub(crate) const LOOKED_AT_TASKS: &str =
    "SELECT at_us FROM task_look WHERE community = $1 AND account = $2 AND role = $3";
