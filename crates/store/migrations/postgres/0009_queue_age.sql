-- How long the oldest of a queue has waited is counted from when it was put there: trying again later moves when it is due.
DROP INDEX outbox_of_queue;
CREATE INDEX outbox_of_queue ON outbox (community, channel, state, due_us, made_us)
WHERE state IN ('waiting', 'sending', 'dead');
