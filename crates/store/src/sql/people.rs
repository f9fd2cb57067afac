//! The SQL of people: accounts, sessions, the access log, persons, and what people do with cases. `$1` is the community.

macro_rules! accounts {
    ($where:literal) => {
        concat!(
            "SELECT account, login, name, email, secret, issuer, subject, state, language, settings, failures, \
            locked_us, made_us, version FROM account WHERE community = $1 AND ",
            $where
        )
    };
}

macro_rules! sessions {
    ($where:literal) => {
        concat!(
            "SELECT digest, handle, account, role, party, upstream, begun_us, seen_us, until_us, ended_us \
            FROM session WHERE community = $1 AND ",
            $where
        )
    };
}

macro_rules! tokens {
    ($where:literal) => {
        concat!(
            "SELECT digest, account, role, party, name, made_us, until_us, ended_us \
            FROM machine_token WHERE community = $1 AND ",
            $where
        )
    };
}

macro_rules! looks {
    ($where:literal) => {
        concat!(
            "SELECT number, at_us, account, name, role, party, unit, action, kind, case_name, person, purpose, rule, \
            outcome, detail, lines, request, node, previous, digest FROM access_log WHERE community = $1 AND ",
            $where
        )
    };
}

/// Rows of the access log before the number `$2`, `$3` at the most, the newest first. Where the filters from `$4` on are given, only
/// those. `$number + 0` keeps SQLite from walking back through all rows where an index finds few.
macro_rules! looks_found {
    ($first:literal, $number:literal) => {
        concat!(
            "SELECT number, at_us, account, name, role, party, unit, action, kind, case_name, person, purpose, rule, \
            outcome, detail, lines, request, node, previous, digest FROM access_log WHERE community = $1 AND ",
            $first,
            " AND ",
            $number,
            " < $2 \
            AND ($4 IS NULL OR person = $4) AND ($5 IS NULL OR case_name = $5) AND ($6 IS NULL OR account = $6) \
            AND ($7 IS NULL OR party = $7) AND ($8 IS NULL OR action = $8) \
            AND ($9 IS NULL OR at_us >= $9) AND ($10 IS NULL OR at_us < $10) AND ($11 IS NULL OR outcome = $11) \
            ORDER BY number DESC LIMIT $3"
        )
    };
}

macro_rules! grants {
    ($where:literal) => {
        concat!(
            "SELECT number, account, name, role, party, case_name, reason, at_us, until_us, reviewed_by, reviewed_us, \
            verdict, remark FROM self_grant WHERE community = $1 AND ",
            $where
        )
    };
}

macro_rules! persons {
    ($where:expr) => {
        concat!(
            "SELECT person, key_id, protection, sealed, version, changed_us FROM person WHERE community = $1 AND ",
            $where
        )
    };
}

macro_rules! drafts {
    ($where:literal) => {
        concat!(
            "SELECT draft, account, case_name, kind, json, version, at_us FROM draft WHERE community = $1 AND ",
            $where
        )
    };
}

/// A new account.
pub(crate) const ADD_ACCOUNT: &str = "INSERT INTO account \
    (community, account, login, name, email, secret, issuer, subject, state, language, settings, failures, locked_us, made_us, version) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING";

/// An account as it is now, if it still has the version before.
pub(crate) const SET_ACCOUNT: &str = "UPDATE account SET \
    login = $3, name = $4, email = $5, secret = $6, issuer = $7, subject = $8, state = $9, language = $10, settings = $11, \
    failures = $12, locked_us = $13, version = $14 + 1 WHERE community = $1 AND account = $2 AND version = $14";

/// An account as it stands: the first by login.
pub(crate) const WRITE_ANEW: &str = "UPDATE account SET failures = failures WHERE community = $1 AND account = \
    (SELECT account FROM account WHERE community = $1 ORDER BY login LIMIT 1)";

/// An account by its id.
pub(crate) const ACCOUNT: &str = accounts!("account = $2");

/// An account by its login.
pub(crate) const ACCOUNT_OF_LOGIN: &str = accounts!("login = $2");

/// An account by what another system calls it: issuer, subject.
pub(crate) const ACCOUNT_OF_SUBJECT: &str = accounts!("issuer = $2 AND subject = $3");

/// Accounts after a login, some at the most.
pub(crate) const ACCOUNTS_AFTER: &str = accounts!("login > $2 ORDER BY login LIMIT $3");

/// Accounts that have or had a role for a party.
pub(crate) const ACCOUNTS_OF_PARTY: &str = accounts!(
    "account IN (SELECT account FROM account_role WHERE community = $1 AND party = $2) ORDER BY login"
);

/// How many accounts there are.
pub(crate) const COUNT_ACCOUNTS: &str = "SELECT COUNT(*) FROM account WHERE community = $1";

/// The roles of an account.
pub(crate) const ROLES: &str = "SELECT role, party, unit, from_us, until_us FROM account_role \
    WHERE community = $1 AND account = $2 ORDER BY role, party, unit, from_us";

/// A role, or another end of it.
pub(crate) const SET_ROLE: &str = "INSERT INTO account_role (community, account, role, party, unit, from_us, until_us) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) \
    ON CONFLICT (community, account, role, party, unit, from_us) DO UPDATE SET until_us = excluded.until_us";

/// A new link.
pub(crate) const ADD_LINK: &str =
    "INSERT INTO setup_link (community, digest, account, until_us) VALUES ($1, $2, $3, $4)";

/// A link: account, until, used.
pub(crate) const LINK: &str =
    "SELECT account, until_us, used_us FROM setup_link WHERE community = $1 AND digest = $2";

/// All links of an account are used up.
pub(crate) const VOID_LINKS: &str =
    "UPDATE setup_link SET used_us = $3 WHERE community = $1 AND account = $2 AND used_us IS NULL";

/// Links whose time was over before an instant are forgotten.
pub(crate) const DROP_LINKS: &str = "DELETE FROM setup_link WHERE community = $1 AND until_us < $2";

/// A new session.
pub(crate) const ADD_SESSION: &str = "INSERT INTO session \
    (community, digest, handle, account, role, party, upstream, begun_us, seen_us, until_us) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// A session by its digest.
pub(crate) const SESSION: &str = sessions!("digest = $2");

/// Sessions of an account that weren't ended.
pub(crate) const SESSIONS_OF: &str = sessions!("account = $2 AND ended_us IS NULL ORDER BY begun_us, handle");

/// A session was used.
pub(crate) const SEE_SESSION: &str =
    "UPDATE session SET seen_us = $3 WHERE community = $1 AND digest = $2 AND seen_us < $3";

/// Ends a session.
pub(crate) const END_SESSION: &str =
    "UPDATE session SET ended_us = $3 WHERE community = $1 AND digest = $2 AND ended_us IS NULL";

/// Ends all sessions of an account.
pub(crate) const END_SESSIONS_OF: &str =
    "UPDATE session SET ended_us = $3 WHERE community = $1 AND account = $2 AND ended_us IS NULL";

/// Ends the sessions that another system began.
pub(crate) const END_SESSIONS_UPSTREAM: &str =
    "UPDATE session SET ended_us = $3 WHERE community = $1 AND upstream = $2 AND ended_us IS NULL";

/// Sessions whose time was over before an instant are forgotten.
pub(crate) const DROP_SESSIONS: &str = "DELETE FROM session WHERE community = $1 AND until_us < $2";

/// A new token.
pub(crate) const ADD_TOKEN: &str = "INSERT INTO machine_token \
    (community, digest, account, role, party, name, made_us, until_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// A token by its digest.
pub(crate) const TOKEN: &str = tokens!("digest = $2");

/// Tokens of an account.
pub(crate) const TOKENS_OF: &str = tokens!("account = $2 ORDER BY made_us, digest");

/// Ends a token.
pub(crate) const END_TOKEN: &str =
    "UPDATE machine_token SET ended_us = $3 WHERE community = $1 AND digest = $2 AND ended_us IS NULL";

/// Ends all tokens of an account.
pub(crate) const END_TOKENS_OF: &str =
    "UPDATE machine_token SET ended_us = $3 WHERE community = $1 AND account = $2 AND ended_us IS NULL";

/// The end of the access log: number, digest.
pub(crate) const LAST_LOOK: &str =
    "SELECT number, digest FROM access_log WHERE community = $1 ORDER BY number DESC LIMIT 1";

/// The text that writes rows of the access log.
macro_rules! add_looks {
    ($values:literal) => {
        concat!(
            "INSERT INTO access_log \
            (community, number, at_us, account, name, role, party, unit, action, kind, case_name, person, purpose, rule, outcome, \
            detail, lines, request, node, previous, digest) VALUES ",
            $values
        )
    };
}

/// A new row of the access log.
pub(crate) const ADD_LOOK: &str = add_looks!(
    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
);

/// How many rows [`ADD_LOOKS`] writes.
pub(crate) const LOOKS_AT_ONCE: usize = 8;

/// New rows of the access log, each after the one before it here: a statement costs more than a row.
pub(crate) const ADD_LOOKS: &str = add_looks!(
    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21), \
    ($1, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41), \
    ($1, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61), \
    ($1, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73, $74, $75, $76, $77, $78, $79, $80, $81), \
    ($1, $82, $83, $84, $85, $86, $87, $88, $89, $90, $91, $92, $93, $94, $95, $96, $97, $98, $99, $100, $101), \
    ($1, $102, $103, $104, $105, $106, $107, $108, $109, $110, $111, $112, $113, $114, $115, $116, $117, $118, $119, $120, $121), \
    ($1, $122, $123, $124, $125, $126, $127, $128, $129, $130, $131, $132, $133, $134, $135, $136, $137, $138, $139, $140, $141), \
    ($1, $142, $143, $144, $145, $146, $147, $148, $149, $150, $151, $152, $153, $154, $155, $156, $157, $158, $159, $160, $161)"
);

/// Rows of the access log from a number on, some at the most.
pub(crate) const LOOKS_FROM: &str = looks!("number >= $2 ORDER BY number LIMIT $3");

/// Rows of the access log.
pub(crate) const LOOKS: &str = looks_found!("number > 0", "number");

/// Rows of the access log about a person.
pub(crate) const LOOKS_OF_PERSON: &str = looks_found!("person = $4", "number");

/// Rows of the access log about a case.
pub(crate) const LOOKS_OF_CASE: &str = looks_found!("case_name = $5", "number");

/// Rows of the access log of an account.
pub(crate) const LOOKS_OF_ACCOUNT: &str = looks_found!("account = $6", "number");

/// Rows of the access log from an instant to another, both given.
pub(crate) const LOOKS_OF_TIME: &str = looks_found!("at_us >= $9 AND at_us < $10", "number + 0");

/// The last number of what people took on themselves.
pub(crate) const LAST_GRANT: &str =
    "SELECT number FROM self_grant WHERE community = $1 ORDER BY number DESC LIMIT 1";

/// Somebody takes access on themselves.
pub(crate) const ADD_GRANT: &str = "INSERT INTO self_grant \
    (community, number, account, name, role, party, case_name, reason, at_us, until_us) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// One of them.
pub(crate) const GRANT: &str = grants!("number = $2");

/// Those of an account that run at an instant.
pub(crate) const GRANTS_RUNNING: &str =
    grants!("account = $2 AND until_us >= $3 AND at_us <= $3 ORDER BY number");

/// Those after a number, some at the most.
pub(crate) const GRANTS_AFTER: &str = grants!("number > $2 ORDER BY number LIMIT $3");

/// Those that nobody reviewed, of a party if it is given, some at the most.
pub(crate) const GRANTS_UNREVIEWED: &str =
    grants!("reviewed_us IS NULL AND ($2 IS NULL OR party = $2) ORDER BY number LIMIT $3");

/// Reviews one.
pub(crate) const REVIEW_GRANT: &str = "UPDATE self_grant \
    SET reviewed_by = $3, reviewed_us = $4, verdict = $5, remark = $6 \
    WHERE community = $1 AND number = $2 AND reviewed_us IS NULL";

/// A person that isn't known.
pub(crate) const ADD_PERSON: &str = "INSERT INTO person \
    (community, person, key_id, protection, sealed, version, changed_us) VALUES ($1, $2, $3, $4, $5, 1, $6) \
    ON CONFLICT DO NOTHING";

/// A person as known now, if it still has the version before.
pub(crate) const SET_PERSON: &str = "UPDATE person SET \
    key_id = $3, protection = $4, sealed = $5, version = $7 + 1, changed_us = $6 \
    WHERE community = $1 AND person = $2 AND version = $7";

/// Places in a list, `AT_ONCE` of `mail/desk.rs`.
macro_rules! list {
    () => {
        "($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    };
}

/// Some persons.
pub(crate) const PERSONS: &str = persons!(concat!("person IN ", list!()));

/// Persons after one, some at the most.
pub(crate) const PERSONS_AFTER: &str = persons!("person > $2 ORDER BY person LIMIT $3");

/// The protected: person, protection.
pub(crate) const PERSONS_PROTECTED: &str =
    "SELECT person, protection FROM person WHERE community = $1 AND protection <> 'none' ORDER BY person";

/// Persons sealed with another key, some at the most.
pub(crate) const PERSONS_NOT_OF_KEY: &str = persons!("key_id <> $2 ORDER BY person LIMIT $3");

/// How many persons are sealed with another key.
pub(crate) const COUNT_NOT_OF_KEY: &str = "SELECT COUNT(*) FROM person WHERE community = $1 AND key_id <> $2";

/// How far an account has seen its cases.
pub(crate) const SEEN: &str =
    "SELECT case_name, position FROM case_seen WHERE community = $1 AND account = $2";

/// An account has seen a case so far.
pub(crate) const MARK_SEEN: &str = "INSERT INTO case_seen (community, account, case_name, position) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (community, account, case_name) DO UPDATE SET position = excluded.position \
    WHERE case_seen.position < excluded.position";

/// Who does what in some cases.
pub(crate) const ASSIGNMENTS: &str = concat!(
    "SELECT case_name, duty, account, name, by_name, at_us FROM assignment WHERE community = $1 AND case_name IN ",
    list!(),
    " ORDER BY case_name, duty"
);

/// Who does what after a case and duty, some at the most.
pub(crate) const ASSIGNMENTS_AFTER: &str = "SELECT case_name, duty, account, name, by_name, at_us FROM assignment \
    WHERE community = $1 AND (case_name > $2 OR (case_name = $2 AND duty > $3)) ORDER BY case_name, duty LIMIT $4";

/// Somebody does it.
pub(crate) const ASSIGN: &str = "INSERT INTO assignment (community, case_name, duty, account, name, by_name, at_us) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) \
    ON CONFLICT (community, case_name, duty) DO UPDATE SET \
    account = excluded.account, name = excluded.name, by_name = excluded.by_name, at_us = excluded.at_us";

/// Nobody in particular does it.
pub(crate) const UNASSIGN: &str =
    "DELETE FROM assignment WHERE community = $1 AND case_name = $2 AND duty = $3";

/// The drafts of an account.
pub(crate) const DRAFTS: &str = drafts!("account = $2 ORDER BY at_us DESC, draft");

/// A draft.
pub(crate) const DRAFT: &str = drafts!("account = $2 AND draft = $3");

/// A new draft.
pub(crate) const ADD_DRAFT: &str = "INSERT INTO draft (community, draft, account, case_name, kind, json, version, at_us) \
    VALUES ($1, $2, $3, $4, $5, $6, 1, $7) ON CONFLICT DO NOTHING";

/// A draft as it is now, if it still has the version before.
pub(crate) const SET_DRAFT: &str = "UPDATE draft SET case_name = $4, kind = $5, json = $6, version = $8 + 1, at_us = $7 \
    WHERE community = $1 AND draft = $2 AND account = $3 AND version = $8";

/// Throws a draft away.
pub(crate) const DROP_DRAFT: &str = "DELETE FROM draft WHERE community = $1 AND account = $2 AND draft = $3";

/// Who does one thing in a case.
pub(crate) const ASSIGNMENT: &str = "SELECT case_name, duty, account, name, by_name, at_us FROM assignment \
    WHERE community = $1 AND case_name = $2 AND duty = $3";

/// An account has seen a case as far as `$5` again, if it has seen it as far as `$4`.
pub(crate) const SEE_AGAIN: &str = "UPDATE case_seen SET position = $5 \
    WHERE community = $1 AND account = $2 AND case_name = $3 AND position = $4";

/// An account never opened a case, if it has seen it as far as `$4`.
pub(crate) const UNSEE: &str =
    "DELETE FROM case_seen WHERE community = $1 AND account = $2 AND case_name = $3 AND position = $4";

/// A draft as it was before it was thrown away, if there is none of its id.
pub(crate) const RESTORE_DRAFT: &str = "INSERT INTO draft (community, draft, account, case_name, kind, json, at_us, version) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

/// Something that may be taken back.
pub(crate) const OFFER_UNDO: &str =
    "INSERT INTO undo (community, undo, account, json, until_us) VALUES ($1, $2, $3, $4, $5)";

/// What an account may take back.
pub(crate) const UNDO: &str =
    "SELECT json, until_us FROM undo WHERE community = $1 AND account = $2 AND undo = $3";

/// It is taken back.
pub(crate) const DROP_UNDO: &str = "DELETE FROM undo WHERE community = $1 AND account = $2 AND undo = $3";

/// What can't be taken back any more.
pub(crate) const DROP_UNDOS: &str = "DELETE FROM undo WHERE community = $1 AND until_us < $2";

/// The communities that have accounts, rows of the access log, or persons.
pub(crate) const COMMUNITIES: &str = "SELECT DISTINCT community FROM account \
    UNION SELECT community FROM access_log WHERE number = 1 \
    UNION SELECT DISTINCT community FROM person";
