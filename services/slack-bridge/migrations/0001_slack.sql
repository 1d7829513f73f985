-- What was asked in Slack and what people clicked there. Ids only: names stay in Slack.

-- A message that shows one saga. `wanted` is the version to show, `shown` the one last written; the
-- runner alone closes the gap. `ts` is NULL until Slack has the message. An adopted one is a copy
-- whose reply was lost: it is known since somebody clicked on it.
CREATE TABLE slack.post (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    saga_id    uuid NOT NULL,
    channel    text NOT NULL,
    ts         text,
    adopted    boolean NOT NULL DEFAULT false,
    wanted     integer NOT NULL,
    shown      integer NOT NULL DEFAULT 0,
    open       boolean NOT NULL DEFAULT true, -- false: shows an end, or is gone
    tries      integer NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL DEFAULT '-infinity',
    UNIQUE (channel, ts)
);
CREATE UNIQUE INDEX post_of_saga ON slack.post (saga_id, channel) WHERE NOT adopted;
CREATE INDEX post_open ON slack.post (id) WHERE open;

-- One message that stands for the cards a channel has no room for.
CREATE TABLE slack.digest (
    channel text PRIMARY KEY,
    ts      text NOT NULL,
    shown   bigint NOT NULL
);

-- A signed request as it came, stored before Slack gets its 200. stored: nothing was done yet;
-- decided: the person must hear `sentence`; answered: done.
CREATE TABLE slack.click (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proof_hash  bytea NOT NULL UNIQUE, -- as saga.decision has it
    body        text NOT NULL CHECK (length(body) <= 262144),
    stamp       text NOT NULL CHECK (length(stamp) <= 12),
    signature   text NOT NULL CHECK (length(signature) <= 80),
    slack_user  text NOT NULL CHECK (slack_user ~ '^[A-Z0-9]+$'),
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    stage       text NOT NULL DEFAULT 'stored' CHECK (stage IN ('stored', 'decided', 'answered')),
    outcome     text,
    sentence    text,
    tries       integer NOT NULL DEFAULT 0,
    not_before  timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX click_open ON slack.click (id) WHERE stage <> 'answered';
