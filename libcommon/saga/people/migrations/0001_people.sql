-- Who may decide, and how they prove it. Changed only by aelp_admin through the functions; read
-- by no surface. Names lie apart so that they can be erased while the ledger keeps opaque ids.

CREATE TABLE people.person (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    active     boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    erased_at  timestamptz -- for good
);

CREATE TABLE people.name (
    person_id uuid PRIMARY KEY REFERENCES people.person,
    name      text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    email     text UNIQUE CHECK (length(email) <= 320)
);

-- scope: '*', a platform ('google') or one account ('google/1234567890'). NULL limits: none.
CREATE TABLE people.grant_of (
    person_id          uuid NOT NULL REFERENCES people.person,
    role               text NOT NULL CHECK (role IN ('viewer', 'proposer', 'approver', 'admin',
                                                     'auditor', 'operator')),
    scope              text NOT NULL DEFAULT '*',
    day_micros_max     bigint CHECK (day_micros_max >= 0),
    hour_decisions_max integer CHECK (hour_decisions_max >= 0),
    PRIMARY KEY (person_id, role, scope)
);

-- Only SHA-256 of a token is kept; a token is 32 random bytes, so a plain hash is enough. By `id` a
-- decision says what proved it without showing what could.
CREATE TABLE people.credential (
    hash       bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    id         uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    person_id  uuid NOT NULL REFERENCES people.person,
    label      text NOT NULL DEFAULT '',
    service    boolean NOT NULL DEFAULT false,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE TABLE people.slack_link (
    team       text NOT NULL,
    slack_user text NOT NULL,
    id         uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    person_id  uuid NOT NULL REFERENCES people.person,
    linked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (team, slack_user)
);
CREATE INDEX slack_link_of_person ON people.slack_link (person_id);

CREATE TABLE people.secret (
    name  text PRIMARY KEY,
    value bytea NOT NULL
);

-- Which login carries which proofs, and how much may pass through it. NULL limits: none.
CREATE TABLE people.surface (
    role               name PRIMARY KEY,
    proof_kinds        text[] NOT NULL,
    day_micros_max     bigint,
    hour_decisions_max integer
);

INSERT INTO people.surface (role, proof_kinds)
VALUES ('aelp_gateway', '{token}'),
       ('aelp_slack_bridge', '{slack}'),
       ('aelp_ctl', '{token}');
