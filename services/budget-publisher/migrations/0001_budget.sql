-- What is to be done at a platform. The saga decides what; a task only says that somebody must
-- look.
CREATE TABLE budget.task (
    saga_id      uuid NOT NULL,
    step         text NOT NULL CHECK (step IN ('execute', 'roll_back')),
    not_before   timestamptz NOT NULL DEFAULT '-infinity',
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    owner        text,
    tries        integer NOT NULL DEFAULT 0,
    PRIMARY KEY (saga_id, step)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
