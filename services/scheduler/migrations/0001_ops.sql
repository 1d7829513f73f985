-- What runs by the clock, what ran, and what a person should look at.

-- schedule: "every 15m", or minute hour day month weekday in the zone's local time. A row comes
-- with the service that hears its subject.
CREATE TABLE ops.flow (
    name     text PRIMARY KEY CHECK (name ~ '^[a-z0-9_-]{1,64}$'),
    subject  text NOT NULL CHECK (subject ~ '^job\.[a-z0-9_-]+\.[a-z0-9_-]+$'),
    payload  bytea NOT NULL DEFAULT '',
    schedule text NOT NULL,
    zone     text NOT NULL DEFAULT 'Etc/UTC',
    world    boolean NOT NULL DEFAULT false, -- by the world's clock
    run_max  interval NOT NULL DEFAULT '1 hour' CHECK (run_max > '0'),
    enabled  boolean NOT NULL DEFAULT true,
    since    timestamptz NOT NULL DEFAULT clock_timestamp() -- due times before it don't count
);

-- One run of a flow at a time, and one for each time it was due.
CREATE TABLE ops.ops_flow_runs (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    flow       text NOT NULL REFERENCES ops.flow,
    due_at     timestamptz NOT NULL,
    missed     integer NOT NULL CHECK (missed >= 0), -- due times this run makes up for
    message_id text NOT NULL UNIQUE,                 -- of the job; whoever did it ends the run by it
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at   timestamptz,
    outcome    text CHECK (outcome IN ('done', 'failed', 'overdue')),
    UNIQUE (flow, due_at),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX one_run_of_flow ON ops.ops_flow_runs (flow) WHERE ended_at IS NULL;

CREATE TABLE ops.ops_alerts (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    severity text NOT NULL CHECK (severity IN ('critical', 'warning')),
    flow     text NOT NULL REFERENCES ops.flow,
    rule     text NOT NULL CHECK (rule IN ('missed', 'overdue', 'failed', 'schedule')),
    sentence text NOT NULL CHECK (length(sentence) <= 500),
    at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ops_alerts_of_flow ON ops.ops_alerts (flow, rule, at);
