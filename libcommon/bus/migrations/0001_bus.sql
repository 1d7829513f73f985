-- bus: what is committed and not yet said, what could not be handled, who leads.
-- Only saga's functions and bus.emit insert; emit keeps forged headers and wildcards out. A CHECK
-- here would be parsed anew for every statement on the hottest table.
CREATE TABLE bus.outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject     text NOT NULL,
    message_id  text,
    body        bytea NOT NULL,
    traceparent text,
    at          timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- Written by aelp-migrate from the fleet's rows. What the ledger says nobody else can say.
CREATE TABLE bus.may_emit (
    role    name NOT NULL,
    subject text NOT NULL CHECK (subject ~ '^[a-z0-9_-]+\.' AND subject !~ '^(saga|bus)\.'),
    PRIMARY KEY (role, subject)
);

-- Keyed by the role that speaks, so that no service can touch another's rows.
CREATE TABLE bus.dead (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role        name NOT NULL,
    service     text NOT NULL,
    stream      text NOT NULL,
    sequence    bigint NOT NULL,
    subject     text NOT NULL,
    message_id  text NOT NULL,
    body        bytea NOT NULL,
    headers     jsonb NOT NULL,
    reason      text NOT NULL,
    attempts    integer NOT NULL,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    replayed_at timestamptz,
    UNIQUE (role, service, stream, sequence, message_id)
);
CREATE INDEX dead_at ON bus.dead (at); -- bus.prune finds what is old without reading what is not

CREATE TABLE bus.attempt (
    role     name NOT NULL,
    consumer text NOT NULL,
    sequence bigint NOT NULL,
    count    integer NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (role, consumer, sequence)
);
CREATE INDEX attempt_at ON bus.attempt (at);

-- Only for handlers without a natural key.
CREATE TABLE bus.inbox (
    role       name NOT NULL,
    message_id text NOT NULL,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (role, message_id)
);
CREATE INDEX inbox_at ON bus.inbox (at);

CREATE TABLE bus.lease (
    role  name NOT NULL,
    name  text NOT NULL,
    owner text NOT NULL,
    fence bigint NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (role, name)
);
