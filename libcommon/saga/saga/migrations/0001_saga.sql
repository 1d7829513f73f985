-- The ledger of changes. Nothing here is written but by this schema's functions; no role that
-- runs owns, updates or deletes any of it. What each rule is for: docs/saga.md.

-- A kind of change is one row (functions/020_kinds.sql); sagas pin the version they were made
-- under.
CREATE TABLE saga.kind (
    kind              text NOT NULL,
    version           integer NOT NULL,
    payload           text NOT NULL,        -- protobuf message of the payload, '' for none
    proposers         name[] NOT NULL,
    publisher         name NOT NULL,
    rules             text[] NOT NULL,      -- each needs a passing verdict before `cleared`
    quorum            integer NOT NULL CHECK (quorum >= 1),
    effects_min       integer NOT NULL,
    effects_max       integer NOT NULL,
    change_bp         integer NOT NULL,     -- of before, per change; 10 000 = 100 %
    day_bp            integer NOT NULL,     -- of base, per target and per account, per day
    target_drift_bp   integer NOT NULL,     -- of the base 28 days ago
    account_drift_bp  integer NOT NULL,
    from_zero_micros  bigint NOT NULL,      -- allowance where before = 0
    ttl_max           interval NOT NULL,
    exec_wait         interval NOT NULL,    -- from approval to begin, at most
    measure_wait      interval NOT NULL,    -- from executed to confirmed, at least
    settle            interval NOT NULL,    -- the platform's own delay until a read is true
    undo              text NOT NULL CHECK (undo IN ('restore', 'none')),
    PRIMARY KEY (kind, version)
);

-- (from, to) x role x kind, and the door it goes through. Written with the kinds.
CREATE TABLE saga.step (
    kind       text NOT NULL,
    from_state text NOT NULL,
    to_state   text NOT NULL,
    role       name NOT NULL,
    door       text NOT NULL,
    PRIMARY KEY (kind, to_state, role, door, from_state)
);

-- How long a saga may rest in a state: `due` until somebody must act (NULL: until it expires),
-- `say` until its last event is said again.
CREATE TABLE saga.patience (
    kind    text NOT NULL,
    version integer NOT NULL,
    state   text NOT NULL,
    due     interval,
    say     interval NOT NULL,
    PRIMARY KEY (kind, version, state)
);

CREATE TABLE saga.timing (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    send_window    interval NOT NULL DEFAULT '10 s',
    request_total  interval NOT NULL DEFAULT '20 s',
    observed_max   interval NOT NULL DEFAULT '10 min',
    resume_window  interval NOT NULL DEFAULT '10 min',
    disown_window  interval NOT NULL DEFAULT '7 days'
);
INSERT INTO saga.timing DEFAULT VALUES;

-- How far the world's clock is ahead of ours. It counts for simulated accounts alone.
CREATE TABLE saga.clock (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    ahead interval NOT NULL DEFAULT '0' CHECK (ahead >= '0')
);
INSERT INTO saga.clock DEFAULT VALUES;

CREATE TABLE saga.account (
    id          text PRIMARY KEY CHECK (id ~ '^[a-z]+/[A-Za-z0-9._-]{1,64}$'),
    platform    text NOT NULL,
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    tz          text NOT NULL,
    unit_micros bigint NOT NULL CHECK (unit_micros > 0),
    world       boolean NOT NULL DEFAULT false, -- simulated: its clock and modes are its own
    n           bigint NOT NULL DEFAULT 0       -- written to lock: a snapshot can't miss it
);

-- A budget node: what several names (a shared budget, a campaign's budget) come down to.
CREATE TABLE saga.target (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  text NOT NULL REFERENCES saga.account,
    resource    text NOT NULL CHECK (length(resource) BETWEEN 1 AND 200),
    name        text NOT NULL DEFAULT '',
    period      text NOT NULL DEFAULT 'daily',
    shared      boolean NOT NULL DEFAULT false,
    enabled     boolean NOT NULL DEFAULT true,
    live_micros bigint,
    live_at     timestamptz,
    busy        uuid,
    quiet_until timestamptz,                   -- a write may still arrive at the platform
    UNIQUE (account_id, resource)
);

-- The readings that showed something new, or what became of a change; others move target.live_at.
CREATE TABLE saga.observed (
    target_id    bigint NOT NULL REFERENCES saga.target,
    at           timestamptz NOT NULL,
    daily_micros bigint NOT NULL,
    source       name NOT NULL,
    PRIMARY KEY (target_id, at)
);
CREATE INDEX observed_at ON saga.observed (at);

CREATE TABLE saga.day_base (
    target_id   bigint NOT NULL REFERENCES saga.target,
    day         date NOT NULL,
    base_micros bigint NOT NULL,
    PRIMARY KEY (target_id, day)
);
CREATE INDEX day_base_day ON saga.day_base (day);

-- Rows that hang on a saga have no foreign key to it, and hot tables no CHECK: only these functions
-- write either, and each check would cost more than its row. No column that changes is indexed, so
-- a step is a heap-only update; the rows still in motion are listed in saga.open.
CREATE TABLE saga.saga (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL,
    kind_version    integer NOT NULL,
    state           text NOT NULL,
    version         integer NOT NULL,
    content_hash    bytea NOT NULL,
    last_leaf       bytea,
    mode            text NOT NULL,
    policy          integer NOT NULL,
    proposer_role   name NOT NULL,
    proposer_person uuid,
    request_id      uuid NOT NULL,
    request_hash    bytea NOT NULL,
    replaces        uuid,
    payload         bytea NOT NULL,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    approved_at     timestamptz,
    state_at        timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    say_at          timestamptz NOT NULL,
    said            integer NOT NULL DEFAULT 0,
    UNIQUE (proposer_role, request_id)
) WITH (fillfactor = 35);

CREATE INDEX saga_replaces ON saga.saga (replaces) WHERE replaces IS NOT NULL;

CREATE TABLE saga.open (
    saga_id uuid PRIMARY KEY
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

CREATE TABLE saga.effect (
    saga_id       uuid NOT NULL,
    n             integer NOT NULL,
    target_id     bigint NOT NULL REFERENCES saga.target,
    before_micros bigint NOT NULL,
    after_micros  bigint NOT NULL,
    PRIMARY KEY (saga_id, n)
);

CREATE TABLE saga.contributor (
    saga_id   uuid NOT NULL,
    person_id uuid NOT NULL,
    PRIMARY KEY (saga_id, person_id)
);

-- Free text, erasable: the ledger holds SHA-256(salt || text) only. A note that was erased keeps its
-- row and that hash.
CREATE TABLE saga.note (
    saga_id uuid NOT NULL,
    version integer NOT NULL,
    salt    bytea CHECK (octet_length(salt) = 16),
    text    text CHECK (length(text) <= 4000),
    hash    bytea,
    PRIMARY KEY (saga_id, version)
);

-- Why a person wrote a record; saga.note for what belongs to no saga.
CREATE TABLE saga.record_note (
    seq  bigint PRIMARY KEY,
    salt bytea CHECK (octet_length(salt) = 16),
    text text CHECK (length(text) <= 4000),
    hash bytea
);

CREATE TABLE saga.verdict (
    saga_id      uuid NOT NULL,
    content_hash bytea NOT NULL,
    rule         text NOT NULL,
    passed       boolean NOT NULL,
    value        double precision,
    bound        double precision,
    sentence     text NOT NULL CHECK (length(sentence) <= 500),
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (saga_id, content_hash, rule)
);

CREATE TABLE saga.decision (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    saga_id      uuid NOT NULL,
    content_hash bytea NOT NULL,
    person_id    uuid NOT NULL,
    verdict      text NOT NULL,
    surface      name NOT NULL,
    proof_kind   text NOT NULL,
    proof_hash   bytea UNIQUE,
    credential   uuid, -- people.credential or people.slack_link that proved it
    policy       integer NOT NULL,
    at           timestamptz NOT NULL,
    disowned_at  timestamptz
);
CREATE INDEX decision_of_saga ON saga.decision (saga_id, person_id, id);
CREATE INDEX decision_of_person ON saga.decision (person_id, at);

-- A decision that its person is told of in Slack, because it was made elsewhere.
CREATE TABLE saga.notice (
    decision_id bigint PRIMARY KEY,
    at          timestamptz NOT NULL,
    told_at     timestamptz,
    tries       integer NOT NULL DEFAULT 0,
    not_before  timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX notice_at ON saga.notice (at);
CREATE INDEX notice_untold ON saga.notice (at) WHERE told_at IS NULL;

-- What a door refused to somebody who asked. `more`: how many like it came in the same minute and
-- were only counted.
CREATE TABLE saga.refusal (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL,
    door      text NOT NULL,
    role      name NOT NULL,
    person_id uuid,
    saga_id   uuid,
    sentence  text NOT NULL,
    more      bigint NOT NULL DEFAULT 0
);
CREATE INDEX refusal_of_role ON saga.refusal (role, at);
CREATE INDEX refusal_of_saga ON saga.refusal (saga_id, id) WHERE saga_id IS NOT NULL;

-- Written to lock: the limits of one person, or of one surface, are summed by one decision at a
-- time.
CREATE TABLE saga.decider (
    who text PRIMARY KEY,
    n   bigint NOT NULL
);

CREATE TABLE saga.policy (
    version integer PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    note    text NOT NULL
);

-- What a change used of its caps; written at begin, never refunded. saga_id NULL: an edit made
-- outside AELP2, which counts as well.
CREATE TABLE saga.spend_use (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    saga_id      uuid,
    account_id   text NOT NULL,
    target_id    bigint NOT NULL,
    day          date NOT NULL,
    at           timestamptz NOT NULL, -- by the account's clock, as the day is
    delta_micros bigint NOT NULL
);
CREATE INDEX spend_use_of_account ON saga.spend_use (account_id, at);

-- One row a saga: at most one execution. Attempts to carry it out, forward or back, are fenced.
CREATE TABLE saga.execution (
    saga_id    uuid PRIMARY KEY,
    mode       text NOT NULL,
    back       boolean NOT NULL DEFAULT false, -- rolling back
    begun_at   timestamptz NOT NULL,
    fence      bigint NOT NULL
);
CREATE TABLE saga.attempt (
    saga_id     uuid NOT NULL,
    fence       bigint NOT NULL,
    back        boolean NOT NULL,
    owner       text NOT NULL,
    taken_at    timestamptz NOT NULL,
    sent_at     timestamptz,
    send_by     timestamptz,
    outcome     text, -- applied, not_applied, conflict, unknown
    evidence    text,
    finished_at timestamptz,
    PRIMARY KEY (saga_id, fence)
);

-- Append-only: an INSERT can't be blocked by a row lock. No row for '*' means stop. A `run` row
-- takes effect only as the second person's within the window.
CREATE TABLE saga.control (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    scope     text NOT NULL,
    level     text NOT NULL CHECK (level IN ('run', 'stop', 'freeze')),
    effective boolean NOT NULL,
    person_id uuid,
    at        timestamptz NOT NULL,
    lifts     bigint, -- the last stop that a resume saw: one that commits later stays in force
    PRIMARY KEY (scope, id)
);
CREATE INDEX control_for ON saga.control (scope, id DESC) WHERE effective AND level = 'run';
CREATE INDEX control_against ON saga.control (scope, id DESC) WHERE effective AND level <> 'run';

-- Over 28 days budgets may drift by more than their kind's percentages while a ramp is in force:
-- for one budget or all of an account. Like a resume it takes effect as the second person's.
CREATE TABLE saga.ramp (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id       text NOT NULL REFERENCES saga.account,
    target_id        bigint REFERENCES saga.target,
    day_from         date NOT NULL, -- business days, both included
    day_to           date NOT NULL,
    target_drift_bp  integer NOT NULL,
    account_drift_bp integer NOT NULL,
    effective        boolean NOT NULL,
    person_id        uuid NOT NULL,
    at               timestamptz NOT NULL,
    ended_at         timestamptz,
    ended_by         uuid
);
CREATE INDEX ramp_of_account ON saga.ramp (account_id, day_to) WHERE effective;

-- Times in which nothing of a scope (*, a platform, an account) begins.
CREATE TABLE saga.calendar_lock (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope     text NOT NULL,
    from_at   timestamptz NOT NULL,
    to_at     timestamptz NOT NULL,
    reason    text NOT NULL,
    person_id uuid, -- NULL: by aelp_admin, as below
    at        timestamptz NOT NULL,
    lifted_at timestamptz,
    lifted_by uuid
);

CREATE TABLE saga.mode (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope text NOT NULL, -- '*', 'world', a platform or an account; the narrowest row wins
    mode  text NOT NULL CHECK (mode IN ('shadow', 'dry_run', 'live')),
    at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The ledger itself. One event, one leaf. saga_id is NULL for records of people and control.
CREATE TABLE saga.event (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    saga_id      uuid,
    version      integer,
    event        text NOT NULL,
    from_state   text NOT NULL,
    to_state     text NOT NULL,
    role         name NOT NULL,
    person_id    uuid,
    content_hash bytea,
    leaf         bytea NOT NULL,
    leaf_hash    bytea NOT NULL,
    at           timestamptz NOT NULL,
    UNIQUE (saga_id, version)
);

INSERT INTO saga.policy (version, note) VALUES (1, 'the first policy');
INSERT INTO saga.mode (scope, mode) VALUES ('*', 'shadow'), ('world', 'live');
