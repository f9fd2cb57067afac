-- Whom marks in the log stand for. What is sealed is opened by the program alone. A row is written with the first entry that has its
-- mark; sealed anew, with the next key, it says the same. Nothing else ever happens to it: the log would no longer say about whom it is.
CREATE TABLE log_person (
    community TEXT NOT NULL,
    mark      TEXT NOT NULL CHECK (length(mark) = 34),
    key_id    TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (community, mark)
) STRICT, WITHOUT ROWID;

CREATE INDEX log_person_of_key ON log_person (community, key_id, mark);

CREATE TRIGGER log_person_only_sealed BEFORE UPDATE ON log_person
BEGIN
    SELECT RAISE(ABORT, 'persons of the log only grow: the log has their marks')
    WHERE NEW.community IS NOT OLD.community OR NEW.mark IS NOT OLD.mark;
END;

CREATE TRIGGER log_person_never_deleted BEFORE DELETE ON log_person
BEGIN
    SELECT RAISE(ABORT, 'persons of the log only grow: the log has their marks');
END;
