-- How long the first of a queue has waited is counted from when it was made, where it was tried: trying again later moves when it is due.
DROP INDEX outbox_of_queue;
CREATE INDEX outbox_of_queue ON outbox (community, channel, state, due_us, made_us, attempts)
WHERE state IN ('waiting', 'sending', 'dead');
