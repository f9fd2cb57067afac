-- Texts that a party's people begin their messages with. `kind` is the kind of entry that one is for; empty: any that has its field.
CREATE TABLE text_template (
    community  TEXT    NOT NULL,
    party      TEXT    NOT NULL,
    template   TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    field      TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    by_name    TEXT    NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 1),
    changed_us INTEGER NOT NULL,
    PRIMARY KEY (community, party, template)
) STRICT, WITHOUT ROWID;
