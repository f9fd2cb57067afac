-- What names patients in messages and decisions may be sealed by the program; the database can't open it. A row that is sealed anew,
-- with the next key or for the first time, says the same as before: nothing else of it may change.
ALTER TABLE message ADD COLUMN key_id TEXT COLLATE "C";
ALTER TABLE message ADD COLUMN size BIGINT CHECK ((size IS NULL) = (key_id IS NULL));

CREATE INDEX message_of_key ON message (community, key_id, number);

CREATE FUNCTION message_only_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.key_id IS NULL OR (
        NEW.community IS DISTINCT FROM OLD.community
        OR NEW.number IS DISTINCT FROM OLD.number
        OR NEW.direction IS DISTINCT FROM OLD.direction
        OR NEW.message_id IS DISTINCT FROM OLD.message_id
        OR NEW.kind IS DISTINCT FROM OLD.kind
        OR NEW.sender IS DISTINCT FROM OLD.sender
        OR NEW.receiver IS DISTINCT FROM OLD.receiver
        OR NEW.case_name IS DISTINCT FROM OLD.case_name
        OR NEW.about IS DISTINCT FROM OLD.about
        OR NEW.made_us IS DISTINCT FROM OLD.made_us
        OR NEW.at_us IS DISTINCT FROM OLD.at_us
        OR NEW.channel IS DISTINCT FROM OLD.channel
        OR NEW.parcel IS DISTINCT FROM OLD.parcel
        OR NEW.size IS DISTINCT FROM COALESCE(OLD.size, length(OLD.bytes))
    ) THEN
        RAISE EXCEPTION 'messages, ties and decisions only grow: what became of one is kept beside it';
    END IF;
    RETURN NEW;
END
$$;

-- A tie that is sealed is a mark, which begins so.
CREATE FUNCTION message_tie_only_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.community IS DISTINCT FROM OLD.community
        OR NEW.number IS DISTINCT FROM OLD.number
        OR substr(OLD.tie, 1, 5) = 'mark:'
        OR substr(NEW.tie, 1, 5) <> 'mark:'
    THEN
        RAISE EXCEPTION 'messages, ties and decisions only grow: what became of one is kept beside it';
    END IF;
    RETURN NEW;
END
$$;

ALTER TABLE decision ADD COLUMN key_id TEXT COLLATE "C";
ALTER TABLE decision ADD COLUMN sealed BYTEA CHECK ((sealed IS NULL) = (key_id IS NULL));

CREATE INDEX decision_of_key ON decision (community, key_id, number);

CREATE FUNCTION decision_only_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.key_id IS NULL OR (
        NEW.community IS DISTINCT FROM OLD.community
        OR NEW.number IS DISTINCT FROM OLD.number
        OR NEW.what IS DISTINCT FROM OLD.what
        OR NEW.decided_by IS DISTINCT FROM OLD.decided_by
        OR NEW.at_us IS DISTINCT FROM OLD.at_us
        OR (OLD.key_id IS NOT NULL AND (NEW.subject IS DISTINCT FROM OLD.subject OR NEW.decided IS DISTINCT FROM OLD.decided))
    ) THEN
        RAISE EXCEPTION 'messages, ties and decisions only grow: what became of one is kept beside it';
    END IF;
    RETURN NEW;
END
$$;

DROP TRIGGER message_never_updated ON message;
DROP TRIGGER message_tie_never_updated ON message_tie;
DROP TRIGGER decision_never_updated ON decision;

CREATE TRIGGER message_only_sealed BEFORE UPDATE ON message FOR EACH ROW EXECUTE FUNCTION message_only_sealed();
CREATE TRIGGER message_tie_only_sealed BEFORE UPDATE ON message_tie FOR EACH ROW EXECUTE FUNCTION message_tie_only_sealed();
CREATE TRIGGER decision_only_sealed BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_only_sealed();

ALTER TABLE message ENABLE ALWAYS TRIGGER message_only_sealed;
ALTER TABLE message_tie ENABLE ALWAYS TRIGGER message_tie_only_sealed;
ALTER TABLE decision ENABLE ALWAYS TRIGGER decision_only_sealed;

-- Who is protected: few among many, and asked for all the time.
CREATE INDEX person_protected ON person (community, person, protection) WHERE protection <> 'none';
