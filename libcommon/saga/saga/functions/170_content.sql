-- The lines that content hashes are of, made again from the rows (saga._content hashed them). Free
-- text is in them by its hash alone, so whoever proves and verifies may read them.
CREATE OR REPLACE FUNCTION saga.content(p_ids uuid[]) RETURNS TABLE (id uuid, content text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.id,
           'aelp/change/v1' || E'\nkind ' || s.kind || ' ' || s.kind_version
           || E'\nmode ' || s.mode || E'\npolicy ' || s.policy || E'\nproposer ' || s.proposer_role
           || E'\ncontributors ' || coalesce(hands.people, '-')
           || E'\nexpires ' || saga._text(s.expires_at) || E'\n' || coalesce(effects.lines, '')
           || 'undo ' || coalesce(k.undo, '-') || E'\npayload ' || encode(sha256(s.payload), 'hex')
           || E'\nnote ' || coalesce(encode(coalesce(
                  n.hash, sha256(n.salt || convert_to(n.text, 'UTF8'))), 'hex'), '-')
           || E'\nreplaces ' || coalesce(s.replaces::text, '-') || E'\n'
      FROM unnest(p_ids) AS i
      JOIN saga.saga s ON s.id = i
      LEFT JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
      LEFT JOIN saga.note n ON n.saga_id = s.id AND n.version = 0
     CROSS JOIN LATERAL (SELECT string_agg(c.person_id::text, ',' ORDER BY c.person_id) AS people
                           FROM saga.contributor c WHERE c.saga_id = s.id) hands
     CROSS JOIN LATERAL (
        SELECT string_agg(format(E'effect %s %s %s daily_micros %s %s %s\n', e.n, g.account_id,
                                 g.resource, e.before_micros, e.after_micros, a.currency),
                          '' ORDER BY e.n) AS lines
          FROM saga.effect e JOIN saga.target g ON g.id = e.target_id
          JOIN saga.account a ON a.id = g.account_id
         WHERE e.saga_id = s.id) effects
     WHERE saga._caller('aelp_audit_writer', 'aelp_auditor')
$$;

-- What leaves know the free text of steps by, whether it was erased or not.
CREATE OR REPLACE FUNCTION saga.note_hashes()
RETURNS TABLE (saga_id uuid, version integer, hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT n.saga_id, n.version, coalesce(n.hash, sha256(n.salt || convert_to(n.text, 'UTF8')))
      FROM saga.note n
     WHERE saga._caller('aelp_auditor')
$$;
