-- Whom marks in the log stand for. What is sealed is opened by the program alone. A row is written with the first entry that has its
-- mark; sealed anew, with the next key, it says the same. Nothing else ever happens to it: the log would no longer say about whom it is.
CREATE TABLE log_person (
    community TEXT COLLATE "C" NOT NULL,
    mark      TEXT COLLATE "C" NOT NULL CHECK (length(mark) = 34),
    key_id    TEXT COLLATE "C" NOT NULL,
    sealed    BYTEA            NOT NULL,
    PRIMARY KEY (community, mark)
);

CREATE INDEX log_person_of_key ON log_person (community, key_id, mark);

CREATE FUNCTION log_person_only_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.community IS DISTINCT FROM OLD.community OR NEW.mark IS DISTINCT FROM OLD.mark THEN
        RAISE EXCEPTION 'persons of the log only grow: the log has their marks';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION log_person_never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'persons of the log only grow: the log has their marks';
END
$$;

CREATE TRIGGER log_person_only_sealed BEFORE UPDATE ON log_person FOR EACH ROW EXECUTE FUNCTION log_person_only_sealed();
CREATE TRIGGER log_person_never_deleted BEFORE DELETE ON log_person
    FOR EACH STATEMENT EXECUTE FUNCTION log_person_never_deleted();
CREATE TRIGGER log_person_never_truncated BEFORE TRUNCATE ON log_person
    FOR EACH STATEMENT EXECUTE FUNCTION log_person_never_deleted();

ALTER TABLE log_person ENABLE ALWAYS TRIGGER log_person_only_sealed;
ALTER TABLE log_person ENABLE ALWAYS TRIGGER log_person_never_deleted;
ALTER TABLE log_person ENABLE ALWAYS TRIGGER log_person_never_truncated;
