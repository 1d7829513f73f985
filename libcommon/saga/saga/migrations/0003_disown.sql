-- What a person can take back, what was refused, and notes that were erased.

ALTER TABLE saga.decision
    ADD COLUMN credential uuid, -- people.credential or people.slack_link that proved it
    ADD COLUMN disowned_at timestamptz;

ALTER TABLE saga.timing ADD COLUMN disown_window interval NOT NULL DEFAULT '7 days';

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

-- Why a person wrote a record; saga.note for what belongs to no saga.
CREATE TABLE saga.record_note (
    seq  bigint PRIMARY KEY,
    salt bytea CHECK (octet_length(salt) = 16),
    text text CHECK (length(text) <= 4000)
);
DROP FUNCTION IF EXISTS saga._record(text, uuid, text); -- made again with a reason

-- A note whose text was erased keeps its row, and the hash that the ledger knows it by.
ALTER TABLE saga.note
    ALTER COLUMN salt DROP NOT NULL,
    ALTER COLUMN text DROP NOT NULL,
    ADD COLUMN hash bytea;
