-- $1 account, $2 raw reply, $3 observed at, $4 ids, $5 times, $6 people, $7 currencies, $8 values,
-- $9 refunds, $10 cancelled, $11 and $12 the days that were asked for: shops are asked for some more
-- What says something new becomes a vintage; how many. Whose an order is that was forgotten stays so.
WITH said AS (
    SELECT i.*, (i.at AT TIME ZONE s.zone)::date AS day
      FROM unnest($4::text[], $5::timestamptz[], $6::bytea[], $7::text[], $8::bigint[],
                  $9::bigint[], $10::boolean[])
           AS i (id, at, person, currency, value, refunded, cancelled)
     CROSS JOIN ingest.source_state s WHERE s.account = $1
), added AS (
    INSERT INTO ingest.order_seen (account, order_id, business_date, ordered_at, person_key,
           currency, value_micros, refunded_micros, cancelled, observed_at, raw_id)
    SELECT $1, i.id, coalesce(known.day, i.day), i.at,
           CASE WHEN known.at IS NULL OR known.person_key IS NOT NULL THEN i.person END,
           i.currency, i.value, i.refunded, i.cancelled, $3, $2
      FROM said i
      LEFT JOIN LATERAL (
           SELECT v.business_date AS day, v.ordered_at AS at, v.person_key, v.currency, v.value_micros AS value,
                  v.refunded_micros AS refunded, v.cancelled
             FROM ingest.order_seen v
            WHERE v.account = $1 AND v.order_id = i.id
            ORDER BY v.observed_at DESC LIMIT 1) known ON true
     WHERE coalesce(known.day, i.day) BETWEEN $11 AND $12
       AND (known.at, known.currency, known.value, known.refunded, known.cancelled)
           IS DISTINCT FROM (i.at, i.currency, i.value, i.refunded, i.cancelled)
    RETURNING 1
)
SELECT count(*) FROM added
