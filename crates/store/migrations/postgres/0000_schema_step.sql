-- Which steps of the schema were applied. Run at each start, before the others.
CREATE TABLE IF NOT EXISTS schema_step (
    version BIGINT           NOT NULL PRIMARY KEY,
    name    TEXT COLLATE "C" NOT NULL,
    digest  BYTEA            NOT NULL
);
