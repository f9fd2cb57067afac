-- What administrators changed in the address book: a row for each time, whole. The newest of a party holds in place of what the node's file says; an empty
-- entry means the file again.
CREATE TABLE address_entry (
    community  TEXT COLLATE "C" NOT NULL,
    party      TEXT COLLATE "C" NOT NULL,
    version    BIGINT           NOT NULL CHECK (version >= 1),
    entry      TEXT             NOT NULL,
    by_name    TEXT             NOT NULL,
    changed_us BIGINT           NOT NULL,
    PRIMARY KEY (community, party, version)
);
