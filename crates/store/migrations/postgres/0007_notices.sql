-- What people want to be told of by e-mail, and where: what they chose is sealed by the program; the database can't open it. Of the
-- secret of a link that proves an address, only the SHA-256 is kept.
CREATE TABLE notice_choice (
    community  TEXT COLLATE "C" NOT NULL,
    account    TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('off', 'asked', 'sent', 'on', 'refused')),
    key_id     TEXT COLLATE "C" NOT NULL,
    sealed     BYTEA            NOT NULL,
    link       BYTEA            CHECK (length(link) = 32),
    asked_us   BIGINT,
    version    BIGINT           NOT NULL CHECK (version >= 1),
    changed_us BIGINT           NOT NULL,
    PRIMARY KEY (community, account)
);

CREATE INDEX notice_choice_of_key ON notice_choice (community, key_id, account);

-- What somebody was told: claimed before it is sent, so that nobody is told twice. The name of a notice says nothing of a patient.
CREATE TABLE notice_told (
    community  TEXT COLLATE "C" NOT NULL,
    account    TEXT COLLATE "C" NOT NULL,
    notice     TEXT COLLATE "C" NOT NULL,
    claimed_us BIGINT           NOT NULL,
    tries      BIGINT           NOT NULL CHECK (tries >= 0),
    told_us    BIGINT,
    PRIMARY KEY (community, account, notice)
);

CREATE INDEX notice_told_of_time ON notice_told (community, claimed_us);

-- When somebody last said that they had seen the tasks of a role.
CREATE TABLE task_look (
    community TEXT COLLATE "C" NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    role      TEXT COLLATE "C" NOT NULL,
    at_us     BIGINT           NOT NULL,
    PRIMARY KEY (community, account, role)
);
