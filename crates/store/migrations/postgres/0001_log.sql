-- The log: rows are added at the end of a community's log, and nothing else ever happens to them.
CREATE TABLE log (
    community   TEXT COLLATE "C" NOT NULL,
    position    BIGINT           NOT NULL CHECK (position >= 1),
    append_key  TEXT COLLATE "C" NOT NULL,
    part        BIGINT           NOT NULL CHECK (part >= 1),
    parts       BIGINT           NOT NULL CHECK (parts >= part),
    case_name   TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C" NOT NULL,
    recorded_us BIGINT           NOT NULL,
    entry       BYTEA            NOT NULL,
    previous    BYTEA            NOT NULL CHECK (length(previous) = 32),
    hash        BYTEA            NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (community, position),
    UNIQUE (community, append_key, part)
);

CREATE INDEX log_case ON log (community, case_name, position);

CREATE FUNCTION log_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_position BIGINT;
    last_hash BYTEA;
BEGIN
    SELECT position, hash INTO last_position, last_hash
    FROM log WHERE community = NEW.community ORDER BY position DESC LIMIT 1;
    IF NEW.position <> 1 + COALESCE(last_position, 0) THEN
        RAISE EXCEPTION 'the log only grows: this is not the next position';
    END IF;
    IF NEW.previous <> COALESCE(last_hash, decode(repeat('00', 32), 'hex')) THEN
        RAISE EXCEPTION 'the log only grows: previous is not the hash of the entry before';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION log_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log only grows: add an entry that corrects or cancels this one';
END
$$;

CREATE TRIGGER log_follows BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION log_follows();
CREATE TRIGGER log_never_updated BEFORE UPDATE ON log FOR EACH STATEMENT EXECUTE FUNCTION log_never_changed();
CREATE TRIGGER log_never_deleted BEFORE DELETE ON log FOR EACH STATEMENT EXECUTE FUNCTION log_never_changed();
CREATE TRIGGER log_never_truncated BEFORE TRUNCATE ON log FOR EACH STATEMENT EXECUTE FUNCTION log_never_changed();

-- Also where a session says that it applies a replica's changes.
ALTER TABLE log ENABLE ALWAYS TRIGGER log_follows;
ALTER TABLE log ENABLE ALWAYS TRIGGER log_never_updated;
ALTER TABLE log ENABLE ALWAYS TRIGGER log_never_deleted;
ALTER TABLE log ENABLE ALWAYS TRIGGER log_never_truncated;
