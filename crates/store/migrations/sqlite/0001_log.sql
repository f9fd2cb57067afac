-- The log: rows are added at the end of a community's log, and nothing else ever happens to them.
CREATE TABLE log (
    community   TEXT    NOT NULL,
    position    INTEGER NOT NULL CHECK (position >= 1),
    append_key  TEXT    NOT NULL,
    part        INTEGER NOT NULL CHECK (part >= 1),
    parts       INTEGER NOT NULL CHECK (parts >= part),
    case_name   TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    recorded_us INTEGER NOT NULL,
    entry       BLOB    NOT NULL,
    previous    BLOB    NOT NULL CHECK (length(previous) = 32),
    hash        BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (community, position),
    UNIQUE (community, append_key, part)
) STRICT;

CREATE INDEX log_case ON log (community, case_name, position);

-- Also stops INSERT OR REPLACE, which removes rows without asking the trigger on DELETE.
CREATE TRIGGER log_follows BEFORE INSERT ON log
BEGIN
    SELECT RAISE(ABORT, 'the log only grows: this is not the next position')
    WHERE NEW.position <> 1 + COALESCE((SELECT MAX(position) FROM log WHERE community = NEW.community), 0);
    SELECT RAISE(ABORT, 'the log only grows: previous is not the hash of the entry before')
    WHERE NEW.previous <> COALESCE(
        (SELECT hash FROM log WHERE community = NEW.community AND position = NEW.position - 1),
        zeroblob(32)
    );
    SELECT RAISE(ABORT, 'the log only grows: this part of the append is there')
    WHERE EXISTS (
        SELECT 1 FROM log
        WHERE community = NEW.community AND append_key = NEW.append_key AND part = NEW.part
    );
END;

CREATE TRIGGER log_never_updated BEFORE UPDATE ON log
BEGIN
    SELECT RAISE(ABORT, 'the log only grows: add an entry that corrects this one');
END;

CREATE TRIGGER log_never_deleted BEFORE DELETE ON log
BEGIN
    SELECT RAISE(ABORT, 'the log only grows: add an entry that cancels this one');
END;
