-- What somebody did a moment ago and may take back: what was before, and what it left. Forgotten when its time is over.
CREATE TABLE undo (
    community TEXT    NOT NULL,
    undo      TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    json      TEXT    NOT NULL,
    until_us  INTEGER NOT NULL,
    PRIMARY KEY (community, undo)
) STRICT;

CREATE INDEX undo_of_time ON undo (community, until_us);

-- Messages from or to somebody: lists of what one party sent and got.
CREATE INDEX message_of_sender ON message (community, sender, number);
CREATE INDEX message_of_receiver ON message (community, receiver, number);
