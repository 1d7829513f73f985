-- The calendar: days that are not like others, for models, triggers and people. The locks among them
-- are the ledger's, because it enforces them.

CREATE OR REPLACE VIEW guardrail.calendar_locks AS
SELECT l.id, l.scope, l.from_at, l.to_at, l.reason, l.person_id, l.at, l.lifted_at, l.lifted_by
  FROM saga.calendar_lock l;

-- Easter Sunday of the Gregorian calendar, after Gauss and Meeus.
CREATE OR REPLACE FUNCTION guardrail._easter(p_year integer) RETURNS date
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    century constant integer := p_year / 100;
    moon constant integer := (19 * (p_year % 19) + century - century / 4
                              - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    sunday constant integer := (32 + 2 * (century % 4) + 2 * (p_year % 100 / 4) - moon
                                - p_year % 100 % 4) % 7;
    shift constant integer := (p_year % 19 + 11 * moon + 22 * sunday) / 451;
BEGIN
    RETURN make_date(p_year, 3, 1) + moon + sunday - 7 * shift + 21;
END $$;

-- The nth weekday of a month, -1 the last.
CREATE OR REPLACE FUNCTION guardrail._nth_weekday(p_year integer, p_month integer,
                                                  p_weekday integer, p_nth integer) RETURNS date
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    first constant date := make_date(p_year, p_month, 1);
    last constant date := first + interval '1 month' - interval '1 day';
BEGIN
    IF p_nth < 0 THEN
        RETURN last - (extract(dow FROM last)::integer - p_weekday + 7) % 7;
    END IF;
    RETURN first + (p_weekday - extract(dow FROM first)::integer + 7) % 7 + 7 * (p_nth - 1);
END $$;

-- All of it in some days: kind, whom it concerns (a market or a scope of the ledger), which days.
CREATE OR REPLACE FUNCTION guardrail.calendar_days(p_from date, p_to date)
RETURNS TABLE (kind text, scope text, from_day date, to_day date, name text, id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'holiday', h.market, d.day, d.day, h.name, NULL::bigint
      FROM guardrail.holiday h
     CROSS JOIN generate_series(extract(year FROM p_from)::integer,
                                extract(year FROM p_to)::integer) AS year
     CROSS JOIN LATERAL (SELECT h.after + CASE
        WHEN h.day IS NOT NULL THEN make_date(year, h.month, h.day)
        WHEN h.nth IS NOT NULL THEN guardrail._nth_weekday(year, h.month, h.weekday, h.nth)
        ELSE guardrail._easter(year) + h.easter END AS day) d
     WHERE d.day BETWEEN p_from AND p_to AND p_to - p_from <= 3700
     UNION ALL
    SELECT e.kind, e.market, e.from_day, e.to_day, e.name, e.id
      FROM guardrail.calendar_event e
     WHERE e.removed_at IS NULL AND e.from_day BETWEEN p_from - 366 AND p_to
       AND e.to_day >= p_from
     UNION ALL
    SELECT 'lock', l.scope, (l.from_at AT TIME ZONE 'UTC')::date,
           ((l.to_at - interval '1 us') AT TIME ZONE 'UTC')::date, l.reason, l.id
      FROM saga.calendar_lock l
     WHERE l.lifted_at IS NULL AND (l.to_at AT TIME ZONE 'UTC')::date >= p_from
       AND (l.from_at AT TIME ZONE 'UTC')::date <= p_to
     ORDER BY 3, 1, 2, 5
$$;

-- The plan's name for it: three years back and one ahead.
CREATE OR REPLACE VIEW guardrail.calendar AS
SELECT d.kind, d.scope, d.from_day, d.to_day, d.name, d.id
  FROM guardrail.calendar_days((current_date - interval '3 years')::date,
                               (current_date + interval '1 year')::date) d;

-- By an operator or approver, on record.
CREATE OR REPLACE FUNCTION guardrail.add_day(p_kind text, p_market text, p_from date, p_to date,
                                             p_name text, p_proof_kind text, p_proof text[])
RETURNS TABLE (result text, sentence text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    called constant boolean := saga._caller('aelp_admin', 'aelp_ctl');
    hand record;
    refusal text;
    made bigint;
BEGIN
    SELECT * INTO hand FROM saga._calendar_hand(p_proof_kind, p_proof, '');
    refusal := coalesce(hand.refusal, CASE
        WHEN (p_kind IN ('promo', 'price_change', 'outage', 'tracking_break')) IS NOT TRUE
            THEN 'kind: promo, price_change, outage or tracking_break'
        WHEN (p_market ~ '^([a-z]{2}|\*)$') IS NOT TRUE THEN 'market: two letters (us), or *'
        WHEN (p_to BETWEEN p_from AND p_from + 366) IS NOT TRUE
            THEN 'days: from and to in order, a year at most'
        WHEN (length(p_name) BETWEEN 1 AND 200) IS NOT TRUE
            THEN 'name: 1 to 200 characters' END);
    IF refusal IS NOT NULL THEN
        RETURN QUERY SELECT 'refused', refusal;
        RETURN;
    END IF;
    INSERT INTO guardrail.calendar_event (kind, market, from_day, to_day, name, person_id)
    VALUES (p_kind, p_market, p_from, p_to, p_name, hand.person) RETURNING calendar_event.id INTO made;
    PERFORM saga._record('calendar_day', hand.person,
                         format('%s %s %s %s %s', made, p_kind, p_market, p_from, p_to));
    RETURN QUERY SELECT 'added', format('%s %s in %s from %s to %s', p_kind, made, p_market, p_from,
                                        p_to);
END $$;

CREATE OR REPLACE FUNCTION guardrail.remove_day(p_id bigint, p_proof_kind text, p_proof text[])
RETURNS TABLE (result text, sentence text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    called constant boolean := saga._caller('aelp_admin', 'aelp_ctl');
    hand record;
BEGIN
    SELECT * INTO hand FROM saga._calendar_hand(p_proof_kind, p_proof, '');
    IF hand.refusal IS NOT NULL THEN
        RETURN QUERY SELECT 'refused', hand.refusal;
        RETURN;
    END IF;
    UPDATE guardrail.calendar_event e SET removed_at = clock_timestamp()
     WHERE e.id = p_id AND e.removed_at IS NULL;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'unknown', format('there is no entry %s', p_id);
        RETURN;
    END IF;
    PERFORM saga._record('calendar_day', hand.person, format('%s removed', p_id));
    RETURN QUERY SELECT 'removed', format('entry %s is removed', p_id);
END $$;
