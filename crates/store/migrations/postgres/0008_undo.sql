-- What somebody did a moment ago and may take back: what was before, and what it left. Forgotten when its time is over.
CREATE TABLE undo (
    community TEXT COLLATE "C" NOT NULL,
    undo      TEXT COLLATE "C" NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    json      TEXT             NOT NULL,
    until_us  BIGINT           NOT NULL,
    PRIMARY KEY (community, undo)
);

CREATE INDEX undo_of_time ON undo (community, until_us);

-- Messages from or to somebody: lists of what one party sent and got.
CREATE INDEX message_of_sender ON message (community, sender, number);
CREATE INDEX message_of_receiver ON message (community, receiver, number);
