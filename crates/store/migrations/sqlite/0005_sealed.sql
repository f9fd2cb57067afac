-- What names patients in messages and decisions may be sealed by the program; the database can't open it. A row that is sealed anew,
-- with the next key or for the first time, says the same as before: nothing else of it may change.
ALTER TABLE message ADD COLUMN key_id TEXT;
ALTER TABLE message ADD COLUMN size INTEGER CHECK ((size IS NULL) = (key_id IS NULL));

CREATE INDEX message_of_key ON message (community, key_id, number);

DROP TRIGGER message_never_updated;

CREATE TRIGGER message_only_sealed BEFORE UPDATE ON message
BEGIN
    SELECT RAISE(ABORT, 'messages only grow: what became of this one is kept beside it')
    WHERE NEW.key_id IS NULL OR (
        NEW.community IS NOT OLD.community
        OR NEW.number IS NOT OLD.number
        OR NEW.direction IS NOT OLD.direction
        OR NEW.message_id IS NOT OLD.message_id
        OR NEW.kind IS NOT OLD.kind
        OR NEW.sender IS NOT OLD.sender
        OR NEW.receiver IS NOT OLD.receiver
        OR NEW.case_name IS NOT OLD.case_name
        OR NEW.about IS NOT OLD.about
        OR NEW.made_us IS NOT OLD.made_us
        OR NEW.at_us IS NOT OLD.at_us
        OR NEW.channel IS NOT OLD.channel
        OR NEW.parcel IS NOT OLD.parcel
        OR NEW.size IS NOT COALESCE(OLD.size, length(OLD.bytes))
    );
END;

DROP TRIGGER message_tie_never_updated;

-- A tie that is sealed is a mark, which begins so.
CREATE TRIGGER message_tie_only_sealed BEFORE UPDATE ON message_tie
BEGIN
    SELECT RAISE(ABORT, 'ties only grow: decide otherwise')
    WHERE NEW.community IS NOT OLD.community
        OR NEW.number IS NOT OLD.number
        OR substr(OLD.tie, 1, 5) = 'mark:'
        OR substr(NEW.tie, 1, 5) <> 'mark:';
END;

ALTER TABLE decision ADD COLUMN key_id TEXT;
ALTER TABLE decision ADD COLUMN sealed BLOB CHECK ((sealed IS NULL) = (key_id IS NULL));

CREATE INDEX decision_of_key ON decision (community, key_id, number);

DROP TRIGGER decision_never_updated;

CREATE TRIGGER decision_only_sealed BEFORE UPDATE ON decision
BEGIN
    SELECT RAISE(ABORT, 'decisions only grow: decide otherwise')
    WHERE NEW.key_id IS NULL OR (
        NEW.community IS NOT OLD.community
        OR NEW.number IS NOT OLD.number
        OR NEW.what IS NOT OLD.what
        OR NEW.decided_by IS NOT OLD.decided_by
        OR NEW.at_us IS NOT OLD.at_us
        OR (OLD.key_id IS NOT NULL AND (NEW.subject IS NOT OLD.subject OR NEW.decided IS NOT OLD.decided))
    );
END;

-- Who is protected: few among many, and asked for all the time.
CREATE INDEX person_protected ON person (community, person, protection) WHERE protection <> 'none';
