-- Messages in and out, as bytes: rows are added at the end, and nothing else ever happens to them.
CREATE TABLE message (
    community  TEXT COLLATE "C" NOT NULL,
    number     BIGINT           NOT NULL CHECK (number >= 1),
    direction  TEXT COLLATE "C" NOT NULL CHECK (direction IN ('in', 'out')),
    message_id TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    sender     TEXT COLLATE "C" NOT NULL,
    receiver   TEXT COLLATE "C" NOT NULL,
    case_name  TEXT COLLATE "C",
    about      TEXT COLLATE "C",
    made_us    BIGINT,
    at_us      BIGINT           NOT NULL,
    channel    TEXT COLLATE "C" NOT NULL,
    parcel     TEXT COLLATE "C" NOT NULL,
    digest     BYTEA            NOT NULL CHECK (length(digest) = 32),
    bytes      BYTEA            NOT NULL,
    PRIMARY KEY (community, number)
);

CREATE INDEX message_of_id ON message (community, message_id, number);
CREATE INDEX message_of_parcel ON message (community, channel, parcel, number);
CREATE INDEX message_of_time ON message (community, at_us, number);

-- What ties messages together: persons, stays, conversations, and the ids of messages.
CREATE TABLE message_tie (
    community TEXT COLLATE "C" NOT NULL,
    tie       TEXT COLLATE "C" NOT NULL,
    number    BIGINT           NOT NULL,
    PRIMARY KEY (community, tie, number)
);

CREATE INDEX message_tie_of_number ON message_tie (community, number);

-- What became of each message.
CREATE TABLE message_standing (
    community TEXT COLLATE "C" NOT NULL,
    number    BIGINT           NOT NULL,
    standing  TEXT COLLATE "C" NOT NULL,
    case_name TEXT COLLATE "C",
    notes     TEXT             NOT NULL,
    PRIMARY KEY (community, number)
);

CREATE INDEX message_standing_of_standing ON message_standing (community, standing, number);
CREATE INDEX message_standing_of_case ON message_standing (community, case_name, number);

-- What persons decided: rows are added at the end, and nothing else ever happens to them.
CREATE TABLE decision (
    community  TEXT COLLATE "C" NOT NULL,
    number     BIGINT           NOT NULL CHECK (number >= 1),
    what       TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    decided    TEXT COLLATE "C" NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    at_us      BIGINT           NOT NULL,
    why        TEXT             NOT NULL,
    digest     BYTEA            NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (community, number)
);

CREATE INDEX decision_of_subject ON decision (community, subject, number);
CREATE INDEX decision_of_person ON decision (community, decided, number)
WHERE what = 'same-person';

-- What is to be handed to channels.
CREATE TABLE outbox (
    community TEXT COLLATE "C" NOT NULL,
    parcel    TEXT COLLATE "C" NOT NULL,
    number    BIGINT           NOT NULL,
    channel   TEXT COLLATE "C" NOT NULL,
    receiver  TEXT COLLATE "C" NOT NULL,
    due_us    BIGINT           NOT NULL,
    made_us   BIGINT           NOT NULL,
    state     TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'dead')),
    attempts  BIGINT           NOT NULL CHECK (attempts >= 0),
    holder    TEXT COLLATE "C" NOT NULL,
    until_us  BIGINT,
    ended_us  BIGINT,
    condition TEXT COLLATE "C" NOT NULL,
    says      TEXT             NOT NULL,
    PRIMARY KEY (community, parcel)
);

CREATE INDEX outbox_open ON outbox (community, channel, due_us, parcel) WHERE state IN ('waiting', 'sending');
CREATE INDEX outbox_of_queue ON outbox (community, channel, state, due_us)
WHERE state IN ('waiting', 'sending', 'dead');
CREATE INDEX outbox_of_state ON outbox (community, state, parcel);
CREATE INDEX outbox_of_number ON outbox (community, number);

-- What an outgoing message waits for.
CREATE TABLE life (
    community    TEXT COLLATE "C" NOT NULL,
    life_id      TEXT COLLATE "C" NOT NULL,
    number       BIGINT           NOT NULL,
    deadline_us  BIGINT,
    needs_person BIGINT           NOT NULL CHECK (needs_person IN (0, 1)),
    life_json    TEXT             NOT NULL,
    PRIMARY KEY (community, life_id)
);

CREATE INDEX life_due ON life (community, deadline_us, life_id) WHERE deadline_us IS NOT NULL;
CREATE INDEX life_of_number ON life (community, number);
CREATE INDEX life_of_person ON life (community, number) WHERE needs_person = 1;

-- Receipts that came before the message that they are for.
CREATE TABLE stray (
    community  TEXT COLLATE "C" NOT NULL,
    number     BIGINT           NOT NULL CHECK (number >= 1),
    about      TEXT COLLATE "C" NOT NULL,
    stray_json TEXT             NOT NULL,
    PRIMARY KEY (community, number)
);

CREATE INDEX stray_of_about ON stray (community, about, number);

-- What somebody must be told, and when it was over.
CREATE TABLE alert (
    community  TEXT COLLATE "C" NOT NULL,
    number     BIGINT           NOT NULL CHECK (number >= 1),
    name       TEXT COLLATE "C" NOT NULL,
    says       TEXT             NOT NULL,
    raised_us  BIGINT           NOT NULL,
    cleared_us BIGINT,
    PRIMARY KEY (community, number)
);

CREATE UNIQUE INDEX alert_active ON alert (community, name) WHERE cleared_us IS NULL;

-- Which node does what only one may do.
CREATE TABLE lease (
    name     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    holder   TEXT COLLATE "C" NOT NULL,
    fence    BIGINT           NOT NULL CHECK (fence >= 1),
    until_us BIGINT           NOT NULL
);

CREATE FUNCTION message_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM message WHERE community = NEW.community), 0) THEN
        RAISE EXCEPTION 'messages only grow: this is not the next number';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION decision_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM decision WHERE community = NEW.community), 0) THEN
        RAISE EXCEPTION 'decisions only grow: this is not the next number';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION mail_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'messages, ties and decisions only grow: what became of one is kept beside it';
END
$$;

CREATE TRIGGER message_follows BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION message_follows();
CREATE TRIGGER decision_follows BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION decision_follows();

CREATE TRIGGER message_never_updated BEFORE UPDATE ON message FOR EACH STATEMENT EXECUTE FUNCTION mail_never_changed();
CREATE TRIGGER message_never_deleted BEFORE DELETE ON message FOR EACH STATEMENT EXECUTE FUNCTION mail_never_changed();
CREATE TRIGGER message_never_truncated BEFORE TRUNCATE ON message FOR EACH STATEMENT EXECUTE FUNCTION mail_never_changed();

CREATE TRIGGER message_tie_never_updated BEFORE UPDATE ON message_tie FOR EACH STATEMENT EXECUTE FUNCTION mail_never_changed();
CREATE TRIGGER message_tie_never_deleted BEFORE DELETE ON message_tie FOR EACH STATEMENT EXECUTE FUNCTION mail_never_changed();
CREATE TRIGGER message_tie_never_truncated BEFORE TRUNCATE ON message_tie FOR EACH STATEMENT EXECUTE FUNCTION mail_never_changed();

CREATE TRIGGER decision_never_updated BEFORE UPDATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION mail_never_changed();
CREATE TRIGGER decision_never_deleted BEFORE DELETE ON decision FOR EACH STATEMENT EXECUTE FUNCTION mail_never_changed();
CREATE TRIGGER decision_never_truncated BEFORE TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION mail_never_changed();

-- Also where a session says that it applies a replica's changes.
ALTER TABLE message ENABLE ALWAYS TRIGGER message_follows;
ALTER TABLE decision ENABLE ALWAYS TRIGGER decision_follows;
ALTER TABLE message ENABLE ALWAYS TRIGGER message_never_updated;
ALTER TABLE message ENABLE ALWAYS TRIGGER message_never_deleted;
ALTER TABLE message ENABLE ALWAYS TRIGGER message_never_truncated;
ALTER TABLE message_tie ENABLE ALWAYS TRIGGER message_tie_never_updated;
ALTER TABLE message_tie ENABLE ALWAYS TRIGGER message_tie_never_deleted;
ALTER TABLE message_tie ENABLE ALWAYS TRIGGER message_tie_never_truncated;
ALTER TABLE decision ENABLE ALWAYS TRIGGER decision_never_updated;
ALTER TABLE decision ENABLE ALWAYS TRIGGER decision_never_deleted;
ALTER TABLE decision ENABLE ALWAYS TRIGGER decision_never_truncated;
