-- Texts that a party's people begin their messages with. `kind` is the kind of entry that one is for; empty: any that has its field.
CREATE TABLE text_template (
    community  TEXT COLLATE "C" NOT NULL,
    party      TEXT COLLATE "C" NOT NULL,
    template   TEXT COLLATE "C" NOT NULL,
    name       TEXT             NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    field      TEXT COLLATE "C" NOT NULL,
    text       TEXT             NOT NULL,
    by_name    TEXT             NOT NULL,
    version    BIGINT           NOT NULL CHECK (version >= 1),
    changed_us BIGINT           NOT NULL,
    PRIMARY KEY (community, party, template)
);
