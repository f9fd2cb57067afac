-- Who may log in. A login stands once in a community, and so does a name that another system's login gives.
CREATE TABLE account (
    community TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    login     TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    email     TEXT,
    secret    TEXT,
    issuer    TEXT,
    subject   TEXT,
    state     TEXT    NOT NULL CHECK (state IN ('invited', 'active', 'closed')),
    language  TEXT    NOT NULL,
    settings  TEXT    NOT NULL,
    failures  INTEGER NOT NULL CHECK (failures >= 0),
    locked_us INTEGER,
    made_us   INTEGER NOT NULL,
    version   INTEGER NOT NULL CHECK (version >= 1),
    PRIMARY KEY (community, account)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX account_of_login ON account (community, login);
CREATE UNIQUE INDEX account_of_subject ON account (community, issuer, subject) WHERE issuer IS NOT NULL;

-- What an account is, where, and from when until when: until_us itself is after it. No unit is all of the party.
CREATE TABLE account_role (
    community TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    role      TEXT    NOT NULL,
    party     TEXT    NOT NULL,
    unit      TEXT    NOT NULL,
    from_us   INTEGER NOT NULL,
    until_us  INTEGER,
    PRIMARY KEY (community, account, role, party, unit, from_us)
) STRICT, WITHOUT ROWID;

-- Links to set a password with, once. Of the link's secret only the SHA-256 is kept; so it is with sessions and tokens.
CREATE TABLE setup_link (
    community TEXT    NOT NULL,
    digest    BLOB    NOT NULL CHECK (length(digest) = 32),
    account   TEXT    NOT NULL,
    until_us  INTEGER NOT NULL,
    used_us   INTEGER,
    PRIMARY KEY (community, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX setup_link_of_account ON setup_link (community, account);

-- Who is logged in.
CREATE TABLE session (
    community TEXT    NOT NULL,
    digest    BLOB    NOT NULL CHECK (length(digest) = 32),
    handle    TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    role      TEXT    NOT NULL,
    party     TEXT    NOT NULL,
    upstream  TEXT    NOT NULL,
    begun_us  INTEGER NOT NULL,
    seen_us   INTEGER NOT NULL,
    until_us  INTEGER NOT NULL,
    ended_us  INTEGER,
    PRIMARY KEY (community, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_of_account ON session (community, account);
CREATE INDEX session_of_upstream ON session (community, upstream) WHERE upstream <> '';
CREATE INDEX session_of_until ON session (community, until_us);

-- What other systems log in with.
CREATE TABLE machine_token (
    community TEXT    NOT NULL,
    digest    BLOB    NOT NULL CHECK (length(digest) = 32),
    account   TEXT    NOT NULL,
    role      TEXT    NOT NULL,
    party     TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    made_us   INTEGER NOT NULL,
    until_us  INTEGER NOT NULL,
    ended_us  INTEGER,
    PRIMARY KEY (community, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX machine_token_of_account ON machine_token (community, account);

-- Who looked at what, and who was refused it: rows are added at the end, and nothing else ever happens to them.
CREATE TABLE access_log (
    community TEXT    NOT NULL,
    number    INTEGER NOT NULL CHECK (number >= 1),
    at_us     INTEGER NOT NULL,
    account   TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    role      TEXT    NOT NULL,
    party     TEXT    NOT NULL,
    unit      TEXT    NOT NULL,
    action    TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    case_name TEXT,
    person    TEXT,
    purpose   TEXT    NOT NULL,
    rule      TEXT    NOT NULL,
    outcome   TEXT    NOT NULL CHECK (outcome IN ('allowed', 'refused')),
    detail    TEXT    NOT NULL,
    lines     INTEGER NOT NULL CHECK (lines >= 0),
    request   TEXT    NOT NULL,
    node      TEXT    NOT NULL,
    previous  BLOB    NOT NULL CHECK (length(previous) = 32),
    digest    BLOB    NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (community, number)
) STRICT;

CREATE INDEX access_log_of_person ON access_log (community, person, number) WHERE person IS NOT NULL;
CREATE INDEX access_log_of_case ON access_log (community, case_name, number) WHERE case_name IS NOT NULL;
CREATE INDEX access_log_of_account ON access_log (community, account, number);
CREATE INDEX access_log_of_time ON access_log (community, at_us, number);

-- Also stops INSERT OR REPLACE, which removes rows without asking the trigger on DELETE.
CREATE TRIGGER access_log_follows BEFORE INSERT ON access_log
BEGIN
    SELECT RAISE(ABORT, 'the access log only grows: this is not the next number')
    WHERE NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM access_log WHERE community = NEW.community), 0);
    SELECT RAISE(ABORT, 'the access log only grows: previous is not the digest of the row before')
    WHERE NEW.previous <> COALESCE(
        (SELECT digest FROM access_log WHERE community = NEW.community ORDER BY number DESC LIMIT 1), zeroblob(32)
    );
END;

CREATE TRIGGER access_log_never_updated BEFORE UPDATE ON access_log
BEGIN
    SELECT RAISE(ABORT, 'the access log only grows: what was seen was seen');
END;

CREATE TRIGGER access_log_never_deleted BEFORE DELETE ON access_log
BEGIN
    SELECT RAISE(ABORT, 'the access log only grows: what was seen was seen');
END;

-- Access that people took on themselves. It is reviewed once, and else never changed.
CREATE TABLE self_grant (
    community   TEXT    NOT NULL,
    number      INTEGER NOT NULL CHECK (number >= 1),
    account     TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    party       TEXT    NOT NULL,
    case_name   TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    at_us       INTEGER NOT NULL,
    until_us    INTEGER NOT NULL,
    reviewed_by TEXT,
    reviewed_us INTEGER,
    verdict     TEXT,
    remark      TEXT,
    PRIMARY KEY (community, number)
) STRICT;

CREATE INDEX self_grant_of_account ON self_grant (community, account, until_us);
CREATE INDEX self_grant_open ON self_grant (community, number) WHERE reviewed_us IS NULL;

CREATE TRIGGER self_grant_follows BEFORE INSERT ON self_grant
BEGIN
    SELECT RAISE(ABORT, 'what people take on themselves is kept: this is not the next number')
    WHERE NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM self_grant WHERE community = NEW.community), 0);
END;

CREATE TRIGGER self_grant_only_reviewed BEFORE UPDATE ON self_grant
BEGIN
    SELECT RAISE(ABORT, 'what people take on themselves is kept: it is reviewed once, and nothing else')
    WHERE OLD.reviewed_us IS NOT NULL OR (
        NEW.community <> OLD.community
        OR NEW.number <> OLD.number
        OR NEW.account <> OLD.account
        OR NEW.name <> OLD.name
        OR NEW.role <> OLD.role
        OR NEW.party <> OLD.party
        OR NEW.case_name <> OLD.case_name
        OR NEW.reason <> OLD.reason
        OR NEW.at_us <> OLD.at_us
        OR NEW.until_us <> OLD.until_us
    );
END;

CREATE TRIGGER self_grant_never_deleted BEFORE DELETE ON self_grant
BEGIN
    SELECT RAISE(ABORT, 'what people take on themselves is kept');
END;

-- Who patients are, sealed. The key of a row is made of the id with a secret; the id itself is in what is sealed.
CREATE TABLE person (
    community  TEXT    NOT NULL,
    person     TEXT    NOT NULL,
    key_id     TEXT    NOT NULL,
    protection TEXT    NOT NULL CHECK (protection IN ('none', 'address', 'identity')),
    sealed     BLOB    NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 1),
    changed_us INTEGER NOT NULL,
    PRIMARY KEY (community, person)
) STRICT;

CREATE INDEX person_of_key ON person (community, key_id, person);

-- How far somebody has seen a case.
CREATE TABLE case_seen (
    community TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    case_name TEXT    NOT NULL,
    position  INTEGER NOT NULL CHECK (position >= 0),
    PRIMARY KEY (community, account, case_name)
) STRICT, WITHOUT ROWID;

-- Who does what in a case.
CREATE TABLE assignment (
    community TEXT    NOT NULL,
    case_name TEXT    NOT NULL,
    duty      TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    by_name   TEXT    NOT NULL,
    at_us     INTEGER NOT NULL,
    PRIMARY KEY (community, case_name, duty)
) STRICT, WITHOUT ROWID;

CREATE INDEX assignment_of_account ON assignment (community, account);

-- What somebody has begun to write.
CREATE TABLE draft (
    community TEXT    NOT NULL,
    draft     TEXT    NOT NULL,
    account   TEXT    NOT NULL,
    case_name TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    json      TEXT    NOT NULL,
    version   INTEGER NOT NULL CHECK (version >= 1),
    at_us     INTEGER NOT NULL,
    PRIMARY KEY (community, draft)
) STRICT;

CREATE INDEX draft_of_account ON draft (community, account, draft);
