-- What holds a proposal back at this moment, for those who look at it.

-- The strictest word of the kill switch, or else the lock of the calendar that ends last; no row:
-- neither. What lies before the platform waits under all but run; the way back as permit_send says.
-- Proposals are judged under a lock of the calendar, too.
CREATE OR REPLACE FUNCTION saga.waits(p_id uuid) RETURNS TABLE (why text, until timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    called constant boolean := saga._caller('aelp_gateway');
    s record;
    accounts constant text[] := saga._accounts(p_id);
    raises boolean;
BEGIN
    SELECT x.kind, x.state INTO s FROM saga.saga x WHERE x.id = p_id;
    IF (s.state IN ('proposed', 'cleared', 'approved', 'rolling_back')) IS NOT TRUE THEN
        RETURN;
    END IF;
    raises := s.state <> 'rolling_back'
              OR (SELECT sum(e.before_micros::numeric - e.after_micros) > 0
                    FROM saga.effect e WHERE e.saga_id = p_id);
    RETURN QUERY
    SELECT format('kill switch is on (%s%s, since %s)', c.level,
                  CASE WHEN c.scope <> '*' THEN ' of ' || c.scope END,
                  coalesce(to_char(c.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'), 'ever')),
           NULL::timestamptz
      FROM saga.controls() c
     WHERE c.scope = ANY (ARRAY['*', s.kind] || accounts || saga._platforms(accounts))
       AND (c.level = 'freeze' OR c.level = 'stop' AND raises)
     ORDER BY c.level, c.scope LIMIT 1;
    IF NOT FOUND AND raises AND s.state <> 'proposed' THEN
        RETURN QUERY
        SELECT format('calendar lock %s until %s: %s', l.id, l.until_text, l.reason), l.until
          FROM saga._locked(accounts, clock_timestamp()) l WHERE l.id IS NOT NULL;
    END IF;
END $$;
