-- How far each projection of a community has come, and by which version of its function.
CREATE TABLE projection (
    community TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    version   INTEGER NOT NULL CHECK (version >= 0),
    position  INTEGER NOT NULL CHECK (position >= 0),
    PRIMARY KEY (community, name)
) STRICT, WITHOUT ROWID;

-- What projections derive from the log. All of it can be thrown away and made anew.
CREATE TABLE projection_row (
    community TEXT NOT NULL,
    name      TEXT NOT NULL,
    case_name TEXT NOT NULL,
    row_key   TEXT NOT NULL,
    row_json  TEXT NOT NULL,
    PRIMARY KEY (community, name, case_name, row_key)
) STRICT;
