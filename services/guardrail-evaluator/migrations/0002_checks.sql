-- What the data-quality suites were asked and what they found. Kept for a year.

-- One check of some days: of what landed, once a run of the ingestor, or because a person asked.
CREATE TABLE guardrail.dq_run (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source       text NOT NULL CHECK (source ~ '^[a-z0-9_]{1,32}$'),
    account      text NOT NULL CHECK (account = '' OR account LIKE source || '/%' AND length(account) <= 100),
    from_day     date,           -- NULL until it ended: the last week that was pulled whole
    to_day       date CHECK (to_day >= from_day AND to_day - from_day < 800),
    landed_run   bigint,         -- of the ingestor
    vintages     bigint NOT NULL DEFAULT 0,
    asked_by     uuid,           -- the person
    asked_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    tries        integer NOT NULL DEFAULT 0, -- and the fence of who works on it
    ended_at     timestamptz,
    outcome      text CHECK (outcome IN ('passed', 'failed', 'broken')), -- broken: not to be said
    rules        integer,
    critical     integer,        -- rules that don't hold, by their severity
    warnings     integer,
    sentence     text CHECK (length(sentence) <= 1000),
    UNIQUE (source, landed_run),
    CHECK ((ended_at IS NULL) = (outcome IS NULL)),
    CHECK ((landed_run IS NULL) <> (asked_by IS NULL))
);
CREATE INDEX dq_run_open ON guardrail.dq_run (id) WHERE ended_at IS NULL;
CREATE INDEX dq_run_asked ON guardrail.dq_run (asked_at);

CREATE TABLE guardrail.dq_result (
    run        bigint NOT NULL REFERENCES guardrail.dq_run ON DELETE CASCADE,
    table_name text NOT NULL,
    rule       text NOT NULL,
    severity   text NOT NULL CHECK (severity IN ('critical', 'warning')),
    passed     boolean NOT NULL,
    offending  bigint NOT NULL,
    examples   jsonb NOT NULL CHECK (octet_length(examples::text) <= 8000), -- ids, days and numbers
    sentence   text NOT NULL,
    took_ms    bigint NOT NULL,
    PRIMARY KEY (run, table_name, rule)
);
