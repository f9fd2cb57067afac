//! The SQL of mail: messages, decisions, outbox, lives, alerts, leases. `$1` is the community, but for leases.
//!
//! SQLite takes the community for something rare and would rather walk along a primary key in order than use an index. `+ 0` after a
//! number tells it not to.

/// Places in a list, `AT_ONCE` of `mail/desk.rs`. Whoever has fewer repeats the last.
macro_rules! list {
    () => {
        "($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    };
}

/// What lists and readers of messages have in common.
macro_rules! message_head {
    () => {
        "SELECT m.number, m.direction, m.message_id, m.kind, m.sender, m.receiver, s.case_name, m.about, m.made_us, \
            m.at_us, m.channel, m.parcel, COALESCE(s.standing, 'taken'), COALESCE(s.notes, ''), "
    };
}

macro_rules! messages {
    ($where:literal $(, $more:expr)*) => {
        concat!(
            message_head!(),
            "m.digest, m.bytes, m.case_name, m.key_id, m.size FROM message m \
            LEFT JOIN message_standing s ON s.community = m.community AND s.number = m.number ",
            $where
            $(, $more)*
        )
    };
}

/// Lines of messages by number: with `$after`, which is the number, after `$2`, `$3` at the most, and where the filters from `$4` on are given, only those.
macro_rules! message_lines {
    ($from:literal, $after:literal) => {
        concat!(
            message_head!(),
            "CAST(COALESCE(m.size, length(m.bytes)) AS BIGINT) ",
            $from,
            $after,
            " > $2 \
            AND ($4 IS NULL OR m.direction = $4) AND ($5 IS NULL OR m.kind = $5) \
            AND ($6 IS NULL OR m.sender = $6) AND ($7 IS NULL OR m.receiver = $7) \
            AND ($8 IS NULL OR s.case_name = $8) AND ($9 IS NULL OR s.standing = $9) \
            AND ($10 IS NULL OR m.message_id = $10) \
            AND ($11 IS NULL OR m.at_us >= $11) AND ($12 IS NULL OR m.at_us < $12) \
            AND ($13 IS NULL OR m.number <= $13) \
            AND ($14 IS NULL OR $14 LIKE '%,' || m.sender || ',%' OR $14 LIKE '%,' || m.receiver || ',%') \
            ORDER BY m.number LIMIT $3"
        )
    };
}

macro_rules! decisions {
    ($where:literal $(, $more:expr)*) => {
        concat!(
            "SELECT number, what, subject, decided, decided_by, at_us, why, digest, key_id, sealed FROM decision \
            WHERE community = $1 AND ",
            $where
            $(, $more)*
        )
    };
}

macro_rules! outbox {
    ($where:literal $(, $more:expr)*) => {
        concat!(
            "SELECT parcel, number, channel, receiver, due_us, made_us, state, attempts, holder, until_us, ended_us, \
            condition, says FROM outbox WHERE community = $1 AND ",
            $where
            $(, $more)*
        )
    };
}

macro_rules! lives {
    ($where:literal $(, $more:expr)*) => {
        concat!(
            "SELECT life_id, number, deadline_us, needs_person, life_json FROM life WHERE community = $1 AND ",
            $where
            $(, $more)*
        )
    };
}

/// The last number of the messages.
pub(crate) const LAST_MESSAGE: &str =
    "SELECT number FROM message WHERE community = $1 ORDER BY number DESC LIMIT 1";

/// The last number of the messages of which it is known what became of them.
pub(crate) const LAST_STANDING: &str =
    "SELECT number FROM message_standing WHERE community = $1 ORDER BY number DESC LIMIT 1";

/// A new message.
pub(crate) const ADD_MESSAGE: &str = "INSERT INTO message \
    (community, number, direction, message_id, kind, sender, receiver, case_name, about, made_us, at_us, channel, parcel, \
    digest, bytes, key_id, size) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

/// Four ties of a message; whoever has fewer repeats the last.
pub(crate) const ADD_TIES: &str = "INSERT INTO message_tie (community, number, tie) \
    VALUES ($1, $2, $3), ($1, $2, $4), ($1, $2, $5), ($1, $2, $6) ON CONFLICT DO NOTHING";

/// What became of a new message.
pub(crate) const ADD_STANDING: &str = "INSERT INTO message_standing (community, number, standing, case_name, notes) VALUES ($1, $2, $3, $4, $5)";

/// What became of a message. A case that is missing leaves the case as it is.
pub(crate) const SET_STANDING: &str = "UPDATE message_standing \
    SET standing = $3, case_name = COALESCE($4, case_name), notes = $5 WHERE community = $1 AND number = $2";

/// Some messages by their numbers.
pub(crate) const MESSAGES: &str =
    messages!("WHERE m.community = $1 AND m.number IN ", list!(), " ORDER BY m.number");

/// Messages from a number on, some at the most.
pub(crate) const MESSAGES_FROM: &str =
    messages!("WHERE m.community = $1 AND m.number >= $2 ORDER BY m.number LIMIT $3");

/// Messages with an id.
pub(crate) const NUMBERS_OF_ID: &str =
    "SELECT number FROM message WHERE community = $1 AND message_id = $2 ORDER BY number";

/// The first message that goes one way with an id.
pub(crate) const FIRST_OF_ID: &str = "SELECT number FROM message \
    WHERE community = $1 AND direction = $2 AND message_id = $3 ORDER BY number LIMIT 1";

/// The first message that came in a parcel.
pub(crate) const FIRST_OF_PARCEL: &str = "SELECT number FROM message \
    WHERE community = $1 AND direction = 'in' AND channel = $2 AND parcel = $3 ORDER BY number LIMIT 1";

/// Messages that came in a parcel with an id and as many bytes, `$6` at the most.
pub(crate) const LIKE_IN_PARCEL: &str = "SELECT number FROM message \
    WHERE community = $1 AND direction = 'in' AND channel = $2 AND parcel = $3 AND message_id = $4 \
    AND COALESCE(size, length(bytes)) = $5 ORDER BY number LIMIT $6";

/// The first messages that have one tie, `$18` at the most. PostgreSQL wants a name for each.
macro_rules! tied {
    ($tie:literal) => {
        concat!(
            "SELECT number FROM (SELECT number FROM message_tie WHERE community = $1 AND tie = ",
            $tie,
            " ORDER BY number LIMIT $18) AS tied"
        )
    };
}

macro_rules! tied_all {
    ($first:literal $(, $tie:literal)*) => {
        concat!(tied!($first), $(" UNION ", tied!($tie),)* " ORDER BY number LIMIT $18")
    };
}

/// Messages that have one of some ties, `$18` at the most, and how many bytes stand in their rows: both databases know that without reading
/// them. Asked for tie by tie, so that a tie with many messages costs no more than those that are wanted.
pub(crate) const NUMBERS_TIED: &str = concat!(
    "SELECT m.number, length(m.bytes) FROM (",
    tied_all!(
        "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$16",
        "$17"
    ),
    ") AS found JOIN message m ON m.community = $1 AND m.number = found.number ORDER BY m.number"
);

/// The ties of some messages: number, tie.
pub(crate) const TIES: &str = concat!(
    "SELECT number, tie FROM message_tie WHERE community = $1 AND number IN ",
    list!(),
    " ORDER BY number, tie"
);

/// Decisions that ties are the same person as one of some; one about two of them comes twice.
pub(crate) const PERSONS: &str = concat!(
    decisions!("what = 'same-person' AND subject IN ", list!()),
    " UNION ALL ",
    decisions!("what = 'same-person' AND decided IN ", list!())
);

/// Lines of messages by number.
pub(crate) const LINES: &str = message_lines!(
    "FROM message m LEFT JOIN message_standing s ON s.community = m.community AND s.number = m.number \
    WHERE m.community = $1 AND ",
    "m.number"
);

/// Lines of messages with an id.
pub(crate) const LINES_OF_ID: &str = message_lines!(
    "FROM message m LEFT JOIN message_standing s ON s.community = m.community AND s.number = m.number \
    WHERE m.community = $1 AND m.message_id = $10 AND ",
    "m.number"
);

/// Lines of messages of a case.
pub(crate) const LINES_OF_CASE: &str = message_lines!(
    "FROM message m LEFT JOIN message_standing s ON s.community = m.community AND s.number = m.number \
    WHERE m.community = $1 \
    AND m.number IN (SELECT number FROM message_standing WHERE community = $1 AND case_name = $8) AND ",
    "m.number + 0"
);

/// Lines of messages that stand so.
pub(crate) const LINES_OF_STANDING: &str = message_lines!(
    "FROM message m LEFT JOIN message_standing s ON s.community = m.community AND s.number = m.number \
    WHERE m.community = $1 \
    AND m.number IN (SELECT number FROM message_standing WHERE community = $1 AND standing = $9) AND ",
    "m.number + 0"
);

/// Lines of messages that a person may have to look at: `$15` is now. Asked for the numbers of dead parcels at once, SQLite would walk
/// through all parcels.
pub(crate) const LINES_FOR_PERSONS: &str = message_lines!(
    "FROM message m LEFT JOIN message_standing s ON s.community = m.community AND s.number = m.number \
    WHERE m.community = $1 AND m.number IN (\
    SELECT number FROM life WHERE community = $1 AND needs_person = 1 AND number > $2 \
    UNION SELECT number FROM life WHERE community = $1 AND deadline_us IS NOT NULL AND deadline_us <= $15 \
    UNION SELECT number FROM outbox WHERE community = $1 \
    AND parcel IN (SELECT parcel FROM outbox WHERE community = $1 AND state = 'dead') \
    UNION SELECT number FROM message_standing WHERE community = $1 AND standing = 'question' AND number > $2 \
    UNION SELECT number FROM message_standing WHERE community = $1 AND standing = 'conflict' AND number > $2 \
    UNION SELECT number FROM message_standing WHERE community = $1 AND standing = 'unreadable' AND number > $2 \
    UNION SELECT number FROM message_standing WHERE community = $1 AND standing = 'not-ours' AND number > $2) AND ",
    "m.number + 0"
);

/// Numbers of messages from a sender after `$3`, up to `$4`, `$5` at the most.
pub(crate) const NUMBERS_FROM: &str = "SELECT number FROM message WHERE community = $1 AND sender = $2 \
    AND number > $3 AND number <= $4 ORDER BY number LIMIT $5";

/// The same to a receiver.
pub(crate) const NUMBERS_TO: &str = "SELECT number FROM message WHERE community = $1 AND receiver = $2 \
    AND number > $3 AND number <= $4 ORDER BY number LIMIT $5";

/// The first message at an instant or later.
pub(crate) const FIRST_SINCE: &str = "SELECT MIN(number) FROM message WHERE community = $1 AND at_us >= $2";

/// The last message before an instant.
pub(crate) const LAST_UNTIL: &str = "SELECT MAX(number) FROM message WHERE community = $1 AND at_us < $2";

/// The last number of the decisions.
pub(crate) const LAST_DECISION: &str =
    "SELECT number FROM decision WHERE community = $1 ORDER BY number DESC LIMIT 1";

/// A new decision.
pub(crate) const ADD_DECISION: &str = "INSERT INTO decision \
    (community, number, what, subject, decided, decided_by, at_us, why, digest, key_id, sealed) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// Decisions about some subjects, in no order: asked for one, SQLite would walk through all decisions.
pub(crate) const DECISIONS: &str = decisions!("subject IN ", list!());

/// Decisions from a number on, some at the most.
pub(crate) const DECISIONS_FROM: &str = decisions!("number >= $2 ORDER BY number LIMIT $3");

/// What is to be sealed with a key, `$2`, some at the most: what isn't sealed, and what is sealed with another.
macro_rules! not_of_key {
    ($table:literal) => {
        concat!(
            "SELECT number FROM ",
            $table,
            " WHERE community = $1 AND key_id IS NULL UNION ALL SELECT number FROM ",
            $table,
            " WHERE community = $1 AND key_id < $2 UNION ALL SELECT number FROM ",
            $table,
            " WHERE community = $1 AND key_id > $2 LIMIT $3"
        )
    };
}

/// Messages that are to be sealed with a key.
pub(crate) const MESSAGES_NOT_OF_KEY: &str = not_of_key!("message");

/// Decisions that are to be sealed with a key.
pub(crate) const DECISIONS_NOT_OF_KEY: &str = not_of_key!("decision");

/// How many messages, and how many decisions, are to be sealed with a key.
pub(crate) const COUNT_NOT_OF_KEY: &str = "SELECT COUNT(*) FROM message \
    WHERE community = $1 AND (key_id IS NULL OR key_id <> $2) UNION ALL SELECT COUNT(*) FROM decision \
    WHERE community = $1 AND (key_id IS NULL OR key_id <> $2)";

/// Seals a message anew.
pub(crate) const SEAL_MESSAGE: &str =
    "UPDATE message SET key_id = $3, size = $4, digest = $5, bytes = $6 WHERE community = $1 AND number = $2";

/// Puts a mark in the place of a tie.
pub(crate) const SEAL_TIE: &str =
    "UPDATE message_tie SET tie = $4 WHERE community = $1 AND number = $2 AND tie = $3";

/// Seals a decision anew.
pub(crate) const SEAL_DECISION: &str = "UPDATE decision \
    SET subject = $3, decided = $4, why = $5, digest = $6, key_id = $7, sealed = $8 WHERE community = $1 AND number = $2";

/// A parcel that waits, once.
pub(crate) const ENQUEUE: &str = "INSERT INTO outbox \
    (community, parcel, number, channel, receiver, due_us, made_us, state, attempts, holder, condition, says) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, '', '', '') ON CONFLICT (community, parcel) DO NOTHING";

/// A parcel as it was in a backup.
pub(crate) const ADD_PARCEL: &str = "INSERT INTO outbox \
    (community, parcel, number, channel, receiver, due_us, made_us, state, attempts, holder, until_us, ended_us, \
    condition, says) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

/// A parcel.
pub(crate) const PARCEL: &str = outbox!("parcel = $2");

/// Parcels after one, some at the most.
pub(crate) const PARCELS_AFTER: &str = outbox!("parcel > $2 ORDER BY parcel LIMIT $3");

/// Parcels in a state after one, some at the most.
pub(crate) const PARCELS_IN_STATE: &str = outbox!("parcel > $2 AND state = $4 ORDER BY parcel LIMIT $3");

/// Parcels of some messages.
pub(crate) const PARCELS_OF: &str = outbox!("number IN ", list!(), " ORDER BY number, made_us, parcel");

/// Parcels of a channel that are due, some at the most.
pub(crate) const PARCELS_DUE: &str = outbox!(
    "channel = $2 AND due_us <= $3 AND state IN ('waiting', 'sending') \
    AND (state = 'waiting' OR until_us <= $3) ORDER BY due_us, parcel LIMIT $4"
);

/// A parcel is taken.
pub(crate) const TAKE_PARCEL: &str = "UPDATE outbox \
    SET state = 'sending', attempts = attempts + 1, holder = $3, until_us = $4 WHERE community = $1 AND parcel = $2";

/// A parcel was handed over.
pub(crate) const PARCEL_SENT: &str = "UPDATE outbox \
    SET state = 'sent', holder = $3, until_us = NULL, ended_us = $4, condition = '', says = '' \
    WHERE community = $1 AND parcel = $2 AND state IN ('waiting', 'sending')";

/// A parcel is tried again later.
pub(crate) const PARCEL_LATER: &str = "UPDATE outbox \
    SET state = 'waiting', holder = '', until_us = NULL, due_us = $4, says = $5 \
    WHERE community = $1 AND parcel = $2 AND state = 'sending' AND holder = $3";

/// A parcel is given up.
pub(crate) const PARCEL_DEAD: &str = "UPDATE outbox \
    SET state = 'dead', holder = '', until_us = NULL, ended_us = $3, condition = $4, says = $5 \
    WHERE community = $1 AND parcel = $2 AND state <> 'dead'";

/// A parcel that was given up is tried again.
pub(crate) const RELEASE_PARCEL: &str = "UPDATE outbox \
    SET state = 'waiting', attempts = 0, due_us = $3, ended_us = NULL, condition = '', says = '' \
    WHERE community = $1 AND parcel = $2 AND state = 'dead'";

/// A parcel that was given up is tried again, by another channel.
pub(crate) const RELEASE_PARCEL_BY: &str = "UPDATE outbox \
    SET state = 'waiting', attempts = 0, due_us = $3, channel = $4, ended_us = NULL, condition = '', says = '' \
    WHERE community = $1 AND parcel = $2 AND state = 'dead'";

/// What isn't sent: channel, state, how many, when the first is due, when the oldest was put there.
pub(crate) const QUEUES: &str = "SELECT channel, state, COUNT(*), MIN(due_us), MIN(made_us) FROM outbox \
    WHERE community = $1 AND state IN ('waiting', 'sending', 'dead') GROUP BY channel, state ORDER BY channel, state";

/// A life.
pub(crate) const LIFE: &str = lives!("life_id = $2");

/// Lives after one, some at the most.
pub(crate) const LIVES_AFTER: &str = lives!("life_id > $2 ORDER BY life_id LIMIT $3");

/// Lives of some messages.
pub(crate) const LIVES_OF: &str = lives!("number IN ", list!(), " ORDER BY number, life_id");

/// Lives that a person must look at, after a message, some at the most.
pub(crate) const LIVES_OF_PERSONS: &str =
    lives!("needs_person = 1 AND number > $2 ORDER BY number, life_id LIMIT $3");

/// Lives whose deadline has come, some at the most: id.
pub(crate) const LIVES_DUE: &str = "SELECT life_id FROM life \
    WHERE community = $1 AND deadline_us IS NOT NULL AND deadline_us <= $2 ORDER BY deadline_us, life_id LIMIT $3";

/// Writes a life.
pub(crate) const SET_LIFE: &str = "INSERT INTO life \
    (community, life_id, number, deadline_us, needs_person, life_json) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (community, life_id) DO UPDATE SET number = excluded.number, deadline_us = excluded.deadline_us, \
    needs_person = excluded.needs_person, life_json = excluded.life_json";

/// A receipt for what isn't known.
pub(crate) const ADD_STRAY: &str = "INSERT INTO stray (community, number, about, stray_json) \
    SELECT $1, 1 + COALESCE((SELECT MAX(number) FROM stray WHERE community = $1), 0), $2, $3";

/// Leaves the newest strays, as many as said.
pub(crate) const CAP_STRAYS: &str = "DELETE FROM stray WHERE community = $1 AND number <= \
    (SELECT number FROM stray WHERE community = $1 ORDER BY number DESC LIMIT 1 OFFSET $2)";

/// The strays about a message.
pub(crate) const STRAYS: &str =
    "SELECT stray_json FROM stray WHERE community = $1 AND about = $2 ORDER BY number";

/// Strays after a number, some at the most: number, about, JSON.
pub(crate) const STRAYS_AFTER: &str = "SELECT number, about, stray_json FROM stray \
    WHERE community = $1 AND number > $2 ORDER BY number LIMIT $3";

/// Removes the strays about a message.
pub(crate) const DROP_STRAYS: &str = "DELETE FROM stray WHERE community = $1 AND about = $2";

/// Raises an alert that isn't raised.
pub(crate) const RAISE: &str = "INSERT INTO alert (community, number, name, says, raised_us) \
    SELECT $1, 1 + COALESCE((SELECT MAX(number) FROM alert WHERE community = $1), 0), $2, $3, $4 \
    WHERE NOT EXISTS (SELECT 1 FROM alert WHERE community = $1 AND name = $2 AND cleared_us IS NULL)";

/// An alert as it was in a backup.
pub(crate) const ADD_ALERT: &str = "INSERT INTO alert (community, number, name, says, raised_us, cleared_us) \
    SELECT $1, 1 + COALESCE((SELECT MAX(number) FROM alert WHERE community = $1), 0), $2, $3, $4, $5";

/// Clears an alert.
pub(crate) const CLEAR: &str = "UPDATE alert SET cleared_us = $3 \
    WHERE community = $1 AND name = $2 AND cleared_us IS NULL";

/// Alerts that are raised: name, text, raised, cleared.
pub(crate) const ALERTS_ACTIVE: &str = "SELECT name, says, raised_us, cleared_us FROM alert \
    WHERE community = $1 AND cleared_us IS NULL ORDER BY number + 0";

/// All alerts: name, text, raised, cleared.
pub(crate) const ALERTS: &str =
    "SELECT name, says, raised_us, cleared_us FROM alert WHERE community = $1 ORDER BY number";

/// A lease for whoever holds it or finds it free: name, holder, now, until. Gives the fence, or no row.
pub(crate) const LEASE: &str = "INSERT INTO lease (name, holder, fence, until_us) VALUES ($1, $2, 1, $4) \
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_us = excluded.until_us, \
    fence = CASE WHEN lease.holder = excluded.holder AND lease.until_us > $3 THEN lease.fence ELSE lease.fence + 1 END \
    WHERE lease.holder = excluded.holder OR lease.until_us <= $3 RETURNING fence";

/// Ends a lease of a holder.
pub(crate) const UNLEASE: &str =
    "UPDATE lease SET holder = '', until_us = $3 WHERE name = $1 AND holder = $2";

/// All leases: name, fence.
pub(crate) const LEASES: &str = "SELECT name, fence FROM lease ORDER BY name";

/// A lease that nobody holds, with the fence that it had.
pub(crate) const ADD_LEASE: &str =
    "INSERT INTO lease (name, holder, fence, until_us) VALUES ($1, '', $2, $3)";

/// The communities that have something of mail.
pub(crate) const COMMUNITIES: &str = "WITH RECURSIVE found (name) AS ( \
    SELECT MIN(community) FROM message \
    UNION ALL \
    SELECT (SELECT MIN(community) FROM message WHERE community > found.name) FROM found WHERE found.name IS NOT NULL \
    ) SELECT name FROM found WHERE name IS NOT NULL \
    UNION SELECT community FROM decision UNION SELECT community FROM stray UNION SELECT community FROM alert \
    ORDER BY 1";
