-- Messages in and out, as bytes: rows are added at the end, and nothing else ever happens to them.
CREATE TABLE message (
    community  TEXT    NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    direction  TEXT    NOT NULL CHECK (direction IN ('in', 'out')),
    message_id TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    sender     TEXT    NOT NULL,
    receiver   TEXT    NOT NULL,
    case_name  TEXT,
    about      TEXT,
    made_us    INTEGER,
    at_us      INTEGER NOT NULL,
    channel    TEXT    NOT NULL,
    parcel     TEXT    NOT NULL,
    digest     BLOB    NOT NULL CHECK (length(digest) = 32),
    bytes      BLOB    NOT NULL,
    PRIMARY KEY (community, number)
) STRICT;

CREATE INDEX message_of_id ON message (community, message_id, number);
CREATE INDEX message_of_parcel ON message (community, channel, parcel, number);
CREATE INDEX message_of_time ON message (community, at_us, number);

-- Also stops INSERT OR REPLACE, which removes rows without asking the trigger on DELETE.
CREATE TRIGGER message_follows BEFORE INSERT ON message
BEGIN
    SELECT RAISE(ABORT, 'messages only grow: this is not the next number')
    WHERE NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM message WHERE community = NEW.community), 0);
END;

CREATE TRIGGER message_never_updated BEFORE UPDATE ON message
BEGIN
    SELECT RAISE(ABORT, 'messages only grow: what became of this one is kept beside it');
END;

CREATE TRIGGER message_never_deleted BEFORE DELETE ON message
BEGIN
    SELECT RAISE(ABORT, 'messages only grow: what became of this one is kept beside it');
END;

-- What ties messages together: persons, stays, conversations, and the ids of messages.
CREATE TABLE message_tie (
    community TEXT    NOT NULL,
    tie       TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    PRIMARY KEY (community, tie, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_tie_of_number ON message_tie (community, number);

CREATE TRIGGER message_tie_never_updated BEFORE UPDATE ON message_tie
BEGIN
    SELECT RAISE(ABORT, 'ties only grow: decide otherwise');
END;

CREATE TRIGGER message_tie_never_deleted BEFORE DELETE ON message_tie
BEGIN
    SELECT RAISE(ABORT, 'ties only grow: decide otherwise');
END;

-- What became of each message.
CREATE TABLE message_standing (
    community TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    standing  TEXT    NOT NULL,
    case_name TEXT,
    notes     TEXT    NOT NULL,
    PRIMARY KEY (community, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_standing_of_standing ON message_standing (community, standing, number);
CREATE INDEX message_standing_of_case ON message_standing (community, case_name, number);

-- What persons decided: rows are added at the end, and nothing else ever happens to them.
CREATE TABLE decision (
    community  TEXT    NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    what       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    decided    TEXT    NOT NULL,
    decided_by TEXT    NOT NULL,
    at_us      INTEGER NOT NULL,
    why        TEXT    NOT NULL,
    digest     BLOB    NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (community, number)
) STRICT;

CREATE INDEX decision_of_subject ON decision (community, subject, number);
CREATE INDEX decision_of_person ON decision (community, decided, number)
WHERE what = 'same-person';

CREATE TRIGGER decision_follows BEFORE INSERT ON decision
BEGIN
    SELECT RAISE(ABORT, 'decisions only grow: this is not the next number')
    WHERE NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM decision WHERE community = NEW.community), 0);
END;

CREATE TRIGGER decision_never_updated BEFORE UPDATE ON decision
BEGIN
    SELECT RAISE(ABORT, 'decisions only grow: decide otherwise');
END;

CREATE TRIGGER decision_never_deleted BEFORE DELETE ON decision
BEGIN
    SELECT RAISE(ABORT, 'decisions only grow: decide otherwise');
END;

-- What is to be handed to channels.
CREATE TABLE outbox (
    community TEXT    NOT NULL,
    parcel    TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    channel   TEXT    NOT NULL,
    receiver  TEXT    NOT NULL,
    due_us    INTEGER NOT NULL,
    made_us   INTEGER NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'dead')),
    attempts  INTEGER NOT NULL CHECK (attempts >= 0),
    holder    TEXT    NOT NULL,
    until_us  INTEGER,
    ended_us  INTEGER,
    condition TEXT    NOT NULL,
    says      TEXT    NOT NULL,
    PRIMARY KEY (community, parcel)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_open ON outbox (community, channel, due_us, parcel) WHERE state IN ('waiting', 'sending');
CREATE INDEX outbox_of_queue ON outbox (community, channel, state, due_us)
WHERE state IN ('waiting', 'sending', 'dead');
CREATE INDEX outbox_of_state ON outbox (community, state, parcel);
CREATE INDEX outbox_of_number ON outbox (community, number);

-- What an outgoing message waits for.
CREATE TABLE life (
    community    TEXT    NOT NULL,
    life_id      TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    deadline_us  INTEGER,
    needs_person INTEGER NOT NULL CHECK (needs_person IN (0, 1)),
    life_json    TEXT    NOT NULL,
    PRIMARY KEY (community, life_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX life_due ON life (community, deadline_us, life_id) WHERE deadline_us IS NOT NULL;
CREATE INDEX life_of_number ON life (community, number);
CREATE INDEX life_of_person ON life (community, number) WHERE needs_person = 1;

-- Receipts that came before the message that they are for.
CREATE TABLE stray (
    community  TEXT    NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    about      TEXT    NOT NULL,
    stray_json TEXT    NOT NULL,
    PRIMARY KEY (community, number)
) STRICT;

CREATE INDEX stray_of_about ON stray (community, about, number);

-- What somebody must be told, and when it was over.
CREATE TABLE alert (
    community  TEXT    NOT NULL,
    number     INTEGER NOT NULL CHECK (number >= 1),
    name       TEXT    NOT NULL,
    says       TEXT    NOT NULL,
    raised_us  INTEGER NOT NULL,
    cleared_us INTEGER,
    PRIMARY KEY (community, number)
) STRICT;

CREATE UNIQUE INDEX alert_active ON alert (community, name) WHERE cleared_us IS NULL;

-- Which node does what only one may do.
CREATE TABLE lease (
    name     TEXT    NOT NULL PRIMARY KEY,
    holder   TEXT    NOT NULL,
    fence    INTEGER NOT NULL CHECK (fence >= 1),
    until_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
