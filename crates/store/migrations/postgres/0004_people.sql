-- Who may log in. A login stands once in a community, and so does a name that another system's login gives.
CREATE TABLE account (
    community TEXT COLLATE "C" NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    login     TEXT COLLATE "C" NOT NULL,
    name      TEXT             NOT NULL,
    email     TEXT,
    secret    TEXT,
    issuer    TEXT COLLATE "C",
    subject   TEXT COLLATE "C",
    state     TEXT COLLATE "C" NOT NULL CHECK (state IN ('invited', 'active', 'closed')),
    language  TEXT COLLATE "C" NOT NULL,
    settings  TEXT             NOT NULL,
    failures  BIGINT           NOT NULL CHECK (failures >= 0),
    locked_us BIGINT,
    made_us   BIGINT           NOT NULL,
    version   BIGINT           NOT NULL CHECK (version >= 1),
    PRIMARY KEY (community, account)
);

CREATE UNIQUE INDEX account_of_login ON account (community, login);
CREATE UNIQUE INDEX account_of_subject ON account (community, issuer, subject) WHERE issuer IS NOT NULL;

-- What an account is, where, and from when until when: until_us itself is after it. No unit is all of the party.
CREATE TABLE account_role (
    community TEXT COLLATE "C" NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    role      TEXT COLLATE "C" NOT NULL,
    party     TEXT COLLATE "C" NOT NULL,
    unit      TEXT COLLATE "C" NOT NULL,
    from_us   BIGINT           NOT NULL,
    until_us  BIGINT,
    PRIMARY KEY (community, account, role, party, unit, from_us)
);

-- Links to set a password with, once. Of the link's secret only the SHA-256 is kept; so it is with sessions and tokens.
CREATE TABLE setup_link (
    community TEXT COLLATE "C" NOT NULL,
    digest    BYTEA            NOT NULL CHECK (length(digest) = 32),
    account   TEXT COLLATE "C" NOT NULL,
    until_us  BIGINT           NOT NULL,
    used_us   BIGINT,
    PRIMARY KEY (community, digest)
);

CREATE INDEX setup_link_of_account ON setup_link (community, account);

-- Who is logged in.
CREATE TABLE session (
    community TEXT COLLATE "C" NOT NULL,
    digest    BYTEA            NOT NULL CHECK (length(digest) = 32),
    handle    TEXT COLLATE "C" NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    role      TEXT COLLATE "C" NOT NULL,
    party     TEXT COLLATE "C" NOT NULL,
    upstream  TEXT COLLATE "C" NOT NULL,
    begun_us  BIGINT           NOT NULL,
    seen_us   BIGINT           NOT NULL,
    until_us  BIGINT           NOT NULL,
    ended_us  BIGINT,
    PRIMARY KEY (community, digest)
);

CREATE INDEX session_of_account ON session (community, account);
CREATE INDEX session_of_upstream ON session (community, upstream) WHERE upstream <> '';
CREATE INDEX session_of_until ON session (community, until_us);

-- What other systems log in with.
CREATE TABLE machine_token (
    community TEXT COLLATE "C" NOT NULL,
    digest    BYTEA            NOT NULL CHECK (length(digest) = 32),
    account   TEXT COLLATE "C" NOT NULL,
    role      TEXT COLLATE "C" NOT NULL,
    party     TEXT COLLATE "C" NOT NULL,
    name      TEXT             NOT NULL,
    made_us   BIGINT           NOT NULL,
    until_us  BIGINT           NOT NULL,
    ended_us  BIGINT,
    PRIMARY KEY (community, digest)
);

CREATE INDEX machine_token_of_account ON machine_token (community, account);

-- Who looked at what, and who was refused it: rows are added at the end, and nothing else ever happens to them.
CREATE TABLE access_log (
    community TEXT COLLATE "C" NOT NULL,
    number    BIGINT           NOT NULL CHECK (number >= 1),
    at_us     BIGINT           NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    name      TEXT             NOT NULL,
    role      TEXT COLLATE "C" NOT NULL,
    party     TEXT COLLATE "C" NOT NULL,
    unit      TEXT COLLATE "C" NOT NULL,
    action    TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    case_name TEXT COLLATE "C",
    person    TEXT COLLATE "C",
    purpose   TEXT COLLATE "C" NOT NULL,
    rule      TEXT COLLATE "C" NOT NULL,
    outcome   TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('allowed', 'refused')),
    detail    TEXT             NOT NULL,
    lines     BIGINT           NOT NULL CHECK (lines >= 0),
    request   TEXT COLLATE "C" NOT NULL,
    node      TEXT COLLATE "C" NOT NULL,
    previous  BYTEA            NOT NULL CHECK (length(previous) = 32),
    digest    BYTEA            NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (community, number)
);

CREATE INDEX access_log_of_person ON access_log (community, person, number) WHERE person IS NOT NULL;
CREATE INDEX access_log_of_case ON access_log (community, case_name, number) WHERE case_name IS NOT NULL;
CREATE INDEX access_log_of_account ON access_log (community, account, number);
CREATE INDEX access_log_of_time ON access_log (community, at_us, number);

-- Access that people took on themselves. It is reviewed once, and else never changed.
CREATE TABLE self_grant (
    community   TEXT COLLATE "C" NOT NULL,
    number      BIGINT           NOT NULL CHECK (number >= 1),
    account     TEXT COLLATE "C" NOT NULL,
    name        TEXT             NOT NULL,
    role        TEXT COLLATE "C" NOT NULL,
    party       TEXT COLLATE "C" NOT NULL,
    case_name   TEXT COLLATE "C" NOT NULL,
    reason      TEXT             NOT NULL,
    at_us       BIGINT           NOT NULL,
    until_us    BIGINT           NOT NULL,
    reviewed_by TEXT COLLATE "C",
    reviewed_us BIGINT,
    verdict     TEXT COLLATE "C",
    remark      TEXT,
    PRIMARY KEY (community, number)
);

CREATE INDEX self_grant_of_account ON self_grant (community, account, until_us);
CREATE INDEX self_grant_open ON self_grant (community, number) WHERE reviewed_us IS NULL;

-- Who patients are, sealed. The key of a row is made of the id with a secret; the id itself is in what is sealed.
CREATE TABLE person (
    community  TEXT COLLATE "C" NOT NULL,
    person     TEXT COLLATE "C" NOT NULL,
    key_id     TEXT COLLATE "C" NOT NULL,
    protection TEXT COLLATE "C" NOT NULL CHECK (protection IN ('none', 'address', 'identity')),
    sealed     BYTEA            NOT NULL,
    version    BIGINT           NOT NULL CHECK (version >= 1),
    changed_us BIGINT           NOT NULL,
    PRIMARY KEY (community, person)
);

CREATE INDEX person_of_key ON person (community, key_id, person);

-- How far somebody has seen a case.
CREATE TABLE case_seen (
    community TEXT COLLATE "C" NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    case_name TEXT COLLATE "C" NOT NULL,
    position  BIGINT           NOT NULL CHECK (position >= 0),
    PRIMARY KEY (community, account, case_name)
);

-- Who does what in a case.
CREATE TABLE assignment (
    community TEXT COLLATE "C" NOT NULL,
    case_name TEXT COLLATE "C" NOT NULL,
    duty      TEXT COLLATE "C" NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    name      TEXT             NOT NULL,
    by_name   TEXT             NOT NULL,
    at_us     BIGINT           NOT NULL,
    PRIMARY KEY (community, case_name, duty)
);

CREATE INDEX assignment_of_account ON assignment (community, account);

-- What somebody has begun to write.
CREATE TABLE draft (
    community TEXT COLLATE "C" NOT NULL,
    draft     TEXT COLLATE "C" NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    case_name TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    json      TEXT             NOT NULL,
    version   BIGINT           NOT NULL CHECK (version >= 1),
    at_us     BIGINT           NOT NULL,
    PRIMARY KEY (community, draft)
);

CREATE INDEX draft_of_account ON draft (community, account, draft);

CREATE FUNCTION access_log_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_number BIGINT;
    last_digest BYTEA;
BEGIN
    SELECT number, digest INTO last_number, last_digest
    FROM access_log WHERE community = NEW.community ORDER BY number DESC LIMIT 1;
    IF NEW.number <> 1 + COALESCE(last_number, 0) THEN
        RAISE EXCEPTION 'the access log only grows: this is not the next number';
    END IF;
    IF NEW.previous <> COALESCE(last_digest, decode(repeat('00', 32), 'hex')) THEN
        RAISE EXCEPTION 'the access log only grows: previous is not the digest of the row before';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION access_log_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log only grows: what was seen was seen';
END
$$;

CREATE FUNCTION self_grant_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM self_grant WHERE community = NEW.community), 0) THEN
        RAISE EXCEPTION 'what people take on themselves is kept: this is not the next number';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION self_grant_only_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.reviewed_us IS NOT NULL OR (
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
    ) THEN
        RAISE EXCEPTION 'what people take on themselves is kept: it is reviewed once, and nothing else';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION self_grant_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what people take on themselves is kept';
END
$$;

CREATE TRIGGER access_log_follows BEFORE INSERT ON access_log FOR EACH ROW EXECUTE FUNCTION access_log_follows();
CREATE TRIGGER access_log_never_updated BEFORE UPDATE ON access_log FOR EACH STATEMENT EXECUTE FUNCTION access_log_never_changed();
CREATE TRIGGER access_log_never_deleted BEFORE DELETE ON access_log FOR EACH STATEMENT EXECUTE FUNCTION access_log_never_changed();
CREATE TRIGGER access_log_never_truncated BEFORE TRUNCATE ON access_log FOR EACH STATEMENT EXECUTE FUNCTION access_log_never_changed();

CREATE TRIGGER self_grant_follows BEFORE INSERT ON self_grant FOR EACH ROW EXECUTE FUNCTION self_grant_follows();
CREATE TRIGGER self_grant_only_reviewed BEFORE UPDATE ON self_grant FOR EACH ROW EXECUTE FUNCTION self_grant_only_reviewed();
CREATE TRIGGER self_grant_never_deleted BEFORE DELETE ON self_grant FOR EACH STATEMENT EXECUTE FUNCTION self_grant_kept();
CREATE TRIGGER self_grant_never_truncated BEFORE TRUNCATE ON self_grant FOR EACH STATEMENT EXECUTE FUNCTION self_grant_kept();

-- Also where a session says that it applies a replica's changes.
ALTER TABLE access_log ENABLE ALWAYS TRIGGER access_log_follows;
ALTER TABLE access_log ENABLE ALWAYS TRIGGER access_log_never_updated;
ALTER TABLE access_log ENABLE ALWAYS TRIGGER access_log_never_deleted;
ALTER TABLE access_log ENABLE ALWAYS TRIGGER access_log_never_truncated;
ALTER TABLE self_grant ENABLE ALWAYS TRIGGER self_grant_follows;
ALTER TABLE self_grant ENABLE ALWAYS TRIGGER self_grant_only_reviewed;
ALTER TABLE self_grant ENABLE ALWAYS TRIGGER self_grant_never_deleted;
ALTER TABLE self_grant ENABLE ALWAYS TRIGGER self_grant_never_truncated;
