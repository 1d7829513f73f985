-- What the guardrails did for safety, for people to look through: written in the transaction of
-- the step itself.
CREATE TABLE guardrail.safety_events (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    saga_id  uuid NOT NULL,
    version  integer NOT NULL,    -- of the saga when it was judged
    event    text NOT NULL CHECK (event IN ('blocked', 'waiting', 'rollback')),
    rule     text NOT NULL,
    sentence text NOT NULL,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (saga_id, version, event, rule)
);
CREATE INDEX safety_events_at ON guardrail.safety_events (at);
