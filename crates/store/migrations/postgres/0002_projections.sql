-- How far each projection of a community has come, and by which version of its function.
CREATE TABLE projection (
    community TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    version   BIGINT           NOT NULL CHECK (version >= 0),
    position  BIGINT           NOT NULL CHECK (position >= 0),
    PRIMARY KEY (community, name)
);

-- What projections derive from the log. All of it can be thrown away and made anew.
CREATE TABLE projection_row (
    community TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    case_name TEXT COLLATE "C" NOT NULL,
    row_key   TEXT COLLATE "C" NOT NULL,
    row_json  TEXT             NOT NULL,
    PRIMARY KEY (community, name, case_name, row_key)
);
