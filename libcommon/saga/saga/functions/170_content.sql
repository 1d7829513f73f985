-- The lines that content hashes are of, made again from the rows. Whoever proves and verifies may
-- read them.
CREATE OR REPLACE FUNCTION saga.content(p_ids uuid[]) RETURNS TABLE (id uuid, content text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.id,
           saga._content(s.kind, s.kind_version, s.mode, s.policy, s.proposer_role, hands.people,
                         s.expires_at, coalesce(effects.lines, ''), k.undo, s.payload,
                         coalesce(n.hash, sha256(n.salt || convert_to(n.text, 'UTF8'))), s.replaces)
      FROM unnest(p_ids) AS i
      JOIN saga.saga s ON s.id = i
      LEFT JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
      LEFT JOIN saga.note n ON n.saga_id = s.id AND n.version = 0
     CROSS JOIN LATERAL (SELECT array_agg(c.person_id ORDER BY c.person_id) AS people
                           FROM saga.contributor c WHERE c.saga_id = s.id) hands
     CROSS JOIN LATERAL (
        SELECT string_agg(saga._effect_line(e.n, g.account_id, g.resource, e.before_micros,
                                            e.after_micros, a.currency), '' ORDER BY e.n) AS lines
          FROM saga.effect e JOIN saga.target g ON g.id = e.target_id
          JOIN saga.account a ON a.id = g.account_id
         WHERE e.saga_id = s.id) effects
     WHERE saga._caller('aelp_audit_writer', 'aelp_auditor')
$$;

-- What leaves know the free text of steps and records by, whether it was erased or not.
CREATE OR REPLACE FUNCTION saga.note_hashes() RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT said.seq, coalesce(said.hash, sha256(said.salt || convert_to(said.text, 'UTF8')))
      FROM (SELECT e.seq, n.hash, n.salt, n.text
              FROM saga.note n
              JOIN saga.event e ON e.saga_id = n.saga_id AND e.version = n.version
             UNION ALL
            SELECT n.seq, n.hash, n.salt, n.text FROM saga.record_note n) said
     WHERE saga._caller('aelp_auditor')
$$;
