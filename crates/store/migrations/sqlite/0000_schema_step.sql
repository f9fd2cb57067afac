-- Which steps of the schema were applied. Run at each start, before the others.
CREATE TABLE IF NOT EXISTS schema_step (
    version INTEGER NOT NULL PRIMARY KEY,
    name    TEXT    NOT NULL,
    digest  BLOB    NOT NULL
) STRICT;
