-- bus.prune finds what is old without reading what is not.
CREATE INDEX inbox_at ON bus.inbox (at);
CREATE INDEX attempt_at ON bus.attempt (at);
CREATE INDEX dead_at ON bus.dead (at);
