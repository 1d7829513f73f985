-- A person asks for a check: guardrail-evaluator does it as it does those of what landed.
CREATE OR REPLACE FUNCTION guardrail.ask_check(p_source text, p_account text, p_from date,
                                               p_to date, p_proof_kind text, p_proof text[])
RETURNS TABLE (result text, sentence text, run bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    proof record;
    refusal text;
    made bigint;
BEGIN
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
    refusal := coalesce(proof.refusal, CASE
        WHEN NOT EXISTS (SELECT FROM people.grant_of g
                          WHERE g.person_id = proof.person
                            AND g.scope IN ('*', p_source, p_account))
            THEN 'only somebody with a role for this source may'
        WHEN (p_from IS NULL) <> (p_to IS NULL) THEN 'from and to belong together'
        WHEN p_to < p_from OR p_to - p_from >= 800 THEN 'from and to: 800 days at most'
        WHEN NOT EXISTS (SELECT FROM ingest.source_state s
                          WHERE s.source = p_source
                            AND p_account IN ('', s.account))
            THEN format('there is no %s that is read', coalesce(nullif(p_account, ''), p_source))
        WHEN (SELECT count(*) FROM guardrail.dq_run r
               WHERE r.ended_at IS NULL AND r.asked_by IS NOT NULL) >= 20
            THEN '20 checks are waiting already' END);
    IF refusal IS NOT NULL THEN
        RETURN QUERY SELECT 'refused', refusal, NULL::bigint;
        RETURN;
    END IF;
    INSERT INTO guardrail.dq_run (source, account, from_day, to_day, asked_by)
    VALUES (p_source, p_account, p_from, p_to, proof.person) RETURNING id INTO made;
    RETURN QUERY SELECT 'asked', format('check %s of %s', made, p_source), made;
END $$;
