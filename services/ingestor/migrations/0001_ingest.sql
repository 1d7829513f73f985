-- What sources reported, as it was seen to change (docs/adr/0008). Rows of facts are only added.

-- What is pulled from: an ad account of the ledger, a GA4 property, a shop.
CREATE TABLE ingest.source_state (
    account            text PRIMARY KEY CHECK (account ~ '^[a-z0-9]+/[A-Za-z0-9._-]{1,64}$'),
    source             text NOT NULL GENERATED ALWAYS AS (split_part(account, '/', 1)) STORED,
    zone               text NOT NULL DEFAULT 'Etc/UTC',
    world              boolean NOT NULL DEFAULT false, -- simulated: it goes by the world's clock
    currency           text CHECK (currency ~ '^[A-Z]{3}$'), -- as first reported
    last_observed_at   timestamptz,                    -- the last page that was read
    last_business_date date                            -- the last day of the last pull that was whole
);
CREATE INDEX source_state_of_source ON ingest.source_state (source, account);

-- One job for one account.
CREATE TABLE ingest.run (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id text NOT NULL,
    account    text NOT NULL REFERENCES ingest.source_state,
    from_date  date NOT NULL,
    to_date    date NOT NULL CHECK (to_date >= from_date),
    probe      boolean NOT NULL DEFAULT false, -- only asks whether the source would answer
    begun_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at   timestamptz,
    outcome    text CHECK (outcome IN ('done', 'failed')),
    why        text CHECK (length(why) <= 500),
    vintages   bigint NOT NULL DEFAULT 0, -- rows that were new or had changed, in all attempts
    UNIQUE (message_id, account),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX run_of_account ON ingest.run (account, id);
CREATE INDEX run_open ON ingest.run (account) WHERE ended_at IS NULL;

-- Some days of one level of a run. Leased: who works on it holds the fence.
CREATE TABLE ingest.task (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id       bigint NOT NULL REFERENCES ingest.run,
    level        text NOT NULL CHECK (level IN ('campaigns', 'ads', 'sessions', 'orders')),
    from_date    date NOT NULL,
    to_date      date NOT NULL CHECK (to_date >= from_date),
    not_before   timestamptz NOT NULL DEFAULT '-infinity',
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    owner        text,
    fence        bigint NOT NULL DEFAULT 0,
    tries        integer NOT NULL DEFAULT 0, -- that ended in a failure
    pages        integer NOT NULL DEFAULT 0, -- of the attempt under way or the last
    read_rows    bigint NOT NULL DEFAULT 0,
    ended_at     timestamptz,
    outcome      text CHECK (outcome IN ('done', 'failed')),
    why          text CHECK (length(why) <= 500), -- of the last failure
    UNIQUE (run_id, level, from_date),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
) WITH (fillfactor = 60);
CREATE INDEX task_open ON ingest.task (not_before) WHERE ended_at IS NULL;

-- One page as it arrived; its bytes lie in the archive under their hash.
CREATE TABLE ingest.raw_reply (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     bigint NOT NULL,
    account    text NOT NULL,
    level      text NOT NULL,
    from_date  date NOT NULL,
    to_date    date NOT NULL,
    page       integer NOT NULL,
    sha256     bytea NOT NULL CHECK (octet_length(sha256) = 32),
    bytes      bigint NOT NULL,
    fetched_at timestamptz NOT NULL, -- by the account's clock
    read_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    why        text CHECK (length(why) <= 500) -- it could not be read; NULL: its rows stand below
);
CREATE INDEX raw_reply_of_account ON ingest.raw_reply (account, level, from_date);

CREATE TABLE ingest.campaign_day (
    account       text NOT NULL,
    campaign      text NOT NULL,
    business_date date NOT NULL,
    campaign_name text NOT NULL,
    type          text NOT NULL,
    status        text NOT NULL,
    setting       text NOT NULL, -- how conversions were counted
    currency      text NOT NULL,
    impressions   bigint NOT NULL,
    clicks        bigint NOT NULL,
    cost_micros   bigint NOT NULL,
    conversions   double precision NOT NULL,
    conversions_on_day double precision, -- those that happened on this day; NULL: the source doesn't tell
    value_micros  bigint NOT NULL,
    view_through  bigint NOT NULL,
    observed_at   timestamptz NOT NULL, -- by the account's clock
    raw_id        bigint NOT NULL
);
CREATE UNIQUE INDEX campaign_day_newest
    ON ingest.campaign_day (account, business_date, campaign, observed_at DESC);

CREATE TABLE ingest.ad_day (
    account       text NOT NULL,
    ad            text NOT NULL,
    business_date date NOT NULL,
    campaign      text NOT NULL,
    ad_group      text NOT NULL,
    status        text NOT NULL,
    setting       text NOT NULL,
    currency      text NOT NULL,
    impressions   bigint NOT NULL,
    clicks        bigint NOT NULL,
    cost_micros   bigint NOT NULL,
    conversions   double precision NOT NULL,
    conversions_on_day double precision,
    value_micros  bigint NOT NULL,
    view_through  bigint NOT NULL,
    observed_at   timestamptz NOT NULL,
    raw_id        bigint NOT NULL
);
CREATE UNIQUE INDEX ad_day_newest ON ingest.ad_day (account, business_date, ad, observed_at DESC);

CREATE TABLE ingest.ga4_day (
    account       text NOT NULL,
    utm_source    text NOT NULL,
    utm_medium    text NOT NULL,
    campaign      text NOT NULL,
    business_date date NOT NULL,
    currency      text NOT NULL,
    sessions      bigint NOT NULL,
    users         bigint NOT NULL,
    key_events    double precision NOT NULL,
    value_micros  bigint NOT NULL,
    observed_at   timestamptz NOT NULL,
    raw_id        bigint NOT NULL
);
CREATE UNIQUE INDEX ga4_day_newest
    ON ingest.ga4_day (account, business_date, utm_source, utm_medium, campaign, observed_at DESC);
