-- audit: the ledger's leaves in one order, the RFC 6962 tree over them, what was signed of it.
-- Rows are only added, except for the tree's right edge.

-- What the ledger wrote and the tree does not hold yet, in the event's own transaction.
CREATE TABLE audit.pending (
    seq  bigint PRIMARY KEY,
    hash bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- One event, one leaf. Indexes have no gap; commits can have their events in another order.
CREATE TABLE audit.leaf_of (
    index bigint PRIMARY KEY CHECK (index >= 0),
    event bigint NOT NULL UNIQUE
);

-- Full tiles (C2SP tlog-tiles): 256 hashes of subtrees of height 8 * level. They never change.
CREATE TABLE audit.tile (
    level  smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    n      bigint NOT NULL CHECK (n >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
    PRIMARY KEY (level, n)
);
ALTER TABLE audit.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- The partial tile at the right end of each level, behind `tiles` full ones. Only audit._extend
-- writes it, and it only grows.
CREATE TABLE audit.edge (
    level  smallint PRIMARY KEY CHECK (level BETWEEN 0 AND 7),
    tiles  bigint NOT NULL CHECK (tiles >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) < 8192 AND octet_length(hashes) % 32 = 0)
) WITH (fillfactor = 50);
ALTER TABLE audit.edge ALTER COLUMN hashes SET STORAGE EXTERNAL;
INSERT INTO audit.edge SELECT level, 0, '' FROM generate_series(0, 7) AS level;

-- Signed by the log, cosigned by its witness: whole notes.
CREATE TABLE audit.checkpoint (
    size bigint PRIMARY KEY CHECK (size > 0),
    note bytea NOT NULL CHECK (octet_length(note) <= 65536),
    at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Bodies of leaves below the last of these may be removed; hashes stay.
CREATE TABLE audit.minimum (
    index bigint PRIMARY KEY CHECK (index > 0),
    note  bytea NOT NULL CHECK (octet_length(note) <= 65536),
    at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
