-- JetStream may lose acknowledged messages: the last event of a saga that outstayed its patience is
-- said again, under an id of its own so that no dedupe window swallows it: after its patience, then
-- each time later, up to eight times that. What waited through an outage is back soon after it.
CREATE OR REPLACE FUNCTION saga.resay(p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_outbox_relay');
    again integer;
BEGIN
    WITH late AS MATERIALIZED (
        SELECT s.id FROM saga.open o JOIN saga.saga s ON s.id = o.saga_id
         WHERE s.say_at < clock_timestamp() AND s.due_at > clock_timestamp()
         LIMIT p_limit FOR UPDATE OF s SKIP LOCKED
    ), moved AS (
        UPDATE saga.saga s
           SET said = s.said + 1,
               say_at = clock_timestamp() + p.say * power(2, least(s.said + 1, 3))
          FROM late, saga.patience p
         WHERE s.id = late.id AND p.kind = s.kind AND p.version = s.kind_version
           AND p.state = s.state
        RETURNING s.id, s.version, s.kind, s.said
    )
    INSERT INTO bus.outbox (subject, message_id, body)
    SELECT 'saga.' || e.event || '.' || m.kind, m.id || '.' || m.version || '.' || m.said,
           saga._body(m.id, m.version)
      FROM moved m JOIN saga.event e ON e.saga_id = m.id AND e.version = m.version;
    GET DIAGNOSTICS again = ROW_COUNT;
    RETURN again;
END $$;

-- The sentence every surface shows, made from the effects and nothing else.
CREATE OR REPLACE FUNCTION saga.headline(p_id uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(string_agg(format(
               '%s %s: %s → %s %s a day (%s %%)', g.account_id,
               coalesce(nullif(g.name, ''), g.resource), saga._money(e.before_micros),
               saga._money(e.after_micros), a.currency,
               CASE WHEN e.before_micros = 0 THEN 'new'
                    ELSE to_char((e.after_micros - e.before_micros) * 100.0 / e.before_micros,
                                 'FMSG999990.0') END), '; ' ORDER BY e.n),
               'A note without effect')
      FROM saga.effect e JOIN saga.target g ON g.id = e.target_id
      JOIN saga.account a ON a.id = g.account_id
     WHERE e.saga_id = p_id AND saga._caller('aelp_gateway', 'aelp_slack_bridge')
$$;

-- Who a proof stands for, for a surface that greets and filters; it decides nothing.
CREATE OR REPLACE FUNCTION saga.who(p_proof_kind text, p_proof text[])
RETURNS TABLE (person uuid, roles text[], refusal text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    proof record;
BEGIN
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
    RETURN QUERY SELECT proof.person,
                        ARRAY(SELECT DISTINCT g.role FROM people.grant_of g
                               WHERE g.person_id = proof.person ORDER BY 1), proof.refusal;
END $$;
