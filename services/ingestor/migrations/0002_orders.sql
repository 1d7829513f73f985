-- First-party orders, as shops were seen to show them. Whom an order is from is a keyed hash
-- (person.h); nothing else of a person is kept anywhere.
CREATE TABLE ingest.order_seen (
    account         text NOT NULL, -- "shopify/demo"
    order_id        text NOT NULL,
    business_date   date NOT NULL, -- in the shop's zone when it was first seen; it never changes
    ordered_at      timestamptz NOT NULL,
    person_key      bytea CHECK (octet_length(person_key) = 32), -- NULL: unknown, or forgotten
    currency        text NOT NULL,
    value_micros    bigint NOT NULL,
    refunded_micros bigint NOT NULL,
    cancelled       boolean NOT NULL,
    observed_at     timestamptz NOT NULL,
    raw_id          bigint NOT NULL
);
CREATE UNIQUE INDEX order_seen_newest
    ON ingest.order_seen (account, business_date, order_id, observed_at DESC);
CREATE INDEX order_seen_of_order ON ingest.order_seen (account, order_id, observed_at DESC);
CREATE INDEX order_seen_of_person ON ingest.order_seen (person_key) WHERE person_key IS NOT NULL;

-- A person's first order that was not cancelled, in any shop: that one made them a customer.
CREATE TABLE ingest.person_first (
    person_key bytea PRIMARY KEY,
    account    text NOT NULL,
    order_id   text NOT NULL,
    ordered_at timestamptz NOT NULL
);
