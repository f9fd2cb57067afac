-- What people want to be told of by e-mail, and where: what they chose is sealed by the program; the database can't open it. Of the
-- secret of a link that proves an address, only the SHA-256 is kept.
CREATE TABLE notice_choice (
    community  TEXT    NOT NULL,
    account    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('off', 'asked', 'sent', 'on', 'refused')),
    key_id     TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,
    link       BLOB    CHECK (length(link) = 32),
    asked_us   INTEGER,
    version    INTEGER NOT NULL CHECK (version >= 1),
    changed_us INTEGER NOT NULL,
    PRIMARY KEY (community, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_choice_of_key ON notice_choice (community, key_id, account);

-- What somebody was told: claimed before it is sent, so that nobody is told twice. The name of a notice says nothing of a patient.
CREATE TABLE notice_told (
    community  TEXT    NOT NULL,
    account    TEXT    NOT NULL,
    notice     TEXT    NOT NULL,
    claimed_us INTEGER NOT NULL,
    tries      INTEGER NOT NULL CHECK (tries >= 0),
    told_us    INTEGER,
    PRIMARY KEY (community, account, notice)
) STRICT, WITHOUT ROWID;

CREATE INDEX notice_told_of_time ON notice_told (community, claimed_us);

-- When somebody last said that they had seen the tasks of a role.
CREATE TABLE task_look (
    community TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    role      TEXT    NOT NULL,
    at_us     INTEGER NOT NULL,
    PRIMARY KEY (community, account, role)
) STRICT, WITHOUT ROWID;
