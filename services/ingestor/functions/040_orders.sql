-- The contract's names for orders, and the way out for a person who wants to be forgotten.

CREATE OR REPLACE VIEW ingest.orders AS
SELECT o.account, o.order_id, o.business_date, o.ordered_at, o.person_key, o.currency,
       o.value_micros, o.refunded_micros, o.cancelled,
       coalesce((f.account, f.order_id) = (o.account, o.order_id), false) AS is_new,
       o.observed_at, o.raw_id
  FROM (SELECT DISTINCT ON (s.account, s.business_date, s.order_id) s.*
          FROM ingest.order_seen s
         ORDER BY s.account, s.business_date, s.order_id, s.observed_at DESC) o
  LEFT JOIN ingest.person_first f ON f.person_key = o.person_key;

CREATE OR REPLACE VIEW ingest.new_customers_daily AS
SELECT o.account, o.business_date, o.currency, count(*) FILTER (WHERE NOT o.cancelled) AS orders,
       count(*) FILTER (WHERE o.is_new) AS new_customers,
       sum(o.value_micros - o.refunded_micros) FILTER (WHERE NOT o.cancelled)::bigint
       AS revenue_micros,
       sum(o.value_micros - o.refunded_micros) FILTER (WHERE o.is_new)::bigint
       AS new_revenue_micros
  FROM ingest.orders o GROUP BY 1, 2, 3;

-- Until the commit. Who first bought what is settled by one at a time: shops share their people, and
-- a transaction sees only its own orders beside those that stand.
CREATE OR REPLACE FUNCTION ingest.lock_people() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE ingest.person_first IN SHARE ROW EXCLUSIVE MODE;
END $$;

-- Takes a person's key off everything; the orders stay, as nobody's. Answers how many there were.
CREATE OR REPLACE FUNCTION ingest.forget_person(p_key bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    forgotten bigint;
BEGIN
    PERFORM ingest.lock_people();
    SELECT count(DISTINCT (s.account, s.order_id)) INTO forgotten
      FROM ingest.order_seen s WHERE s.person_key = p_key;
    UPDATE ingest.order_seen s SET person_key = NULL WHERE s.person_key = p_key;
    DELETE FROM ingest.person_first f WHERE f.person_key = p_key;
    RETURN forgotten;
END $$;
