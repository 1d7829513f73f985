-- Refusals are kept: who was refused what, by which door. The last statement of a door, because it
-- may wait for another refusal.
--
-- A hostile caller can't fill the disk: a role writes 30 a minute, what is more is counted on the
-- last of them, and each writing takes some away that are older than 90 days. Refused proposals
-- that came of no saga, and proofs of nobody, are kept as well, with the columns NULL.
CREATE OR REPLACE FUNCTION saga._refuse(p_door text, p_person uuid, p_sagas uuid[],
                                        p_sentences text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    t constant timestamptz := clock_timestamp();
    room constant bigint := 30 - (SELECT count(*) FROM saga.refusal r
                                   WHERE r.role = session_user AND r.at > t - interval '1 min');
BEGIN
    INSERT INTO saga.refusal (at, door, role, person_id, saga_id, sentence)
    SELECT t, p_door, session_user, p_person, u.saga_id, left(u.sentence, 500)
      FROM unnest(p_sagas, p_sentences) WITH ORDINALITY AS u (saga_id, sentence, n)
     WHERE u.n <= room;
    IF cardinality(p_sentences) > room THEN
        UPDATE saga.refusal r SET more = r.more + cardinality(p_sentences) - greatest(room, 0)
         WHERE r.id = (SELECT x.id FROM saga.refusal x WHERE x.role = session_user
                        ORDER BY x.at DESC, x.id DESC LIMIT 1);
    END IF;
    DELETE FROM saga.refusal r
     WHERE r.id IN (SELECT x.id FROM saga.refusal x WHERE x.at < t - interval '90 days'
                     ORDER BY x.id LIMIT 100 FOR UPDATE SKIP LOCKED);
END $$;
