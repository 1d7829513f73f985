-- Each approval counted again as it stood: the people whose last word on that content was approve,
-- none of whom had a hand in the change, over two surfaces where two must agree. Order is that of
-- the decisions' numbers, which check_decisions ties to the events; no clock is believed.
--
-- What can't be replayed: people's roles, scopes and limits have no history in rows (their changes
-- are leaves of their own, person_role and the like), a policy is only its number, and of a kind's
-- quorum the newest row counted as well when it was the stricter one.
SELECT e.saga_id,
       CASE WHEN counted.strange > 0
            THEN format('a decision before event %s is under a policy that was not in force', e.version)
            ELSE format('event %s: %s of %s people, over %s surfaces', e.version, counted.people,
                        k.quorum, counted.surfaces) END
  FROM (SELECT x.*, row_number() OVER (PARTITION BY x.saga_id ORDER BY x.version) AS nth
          FROM saga.event x
         WHERE x.person_id IS NOT NULL AND x.from_state IN ('cleared', 'approved')
           AND x.to_state IN ('cleared', 'approved', 'rejected')
           AND EXISTS (SELECT FROM saga.event f WHERE f.saga_id = x.saga_id AND f.version = 1)) AS e
  JOIN saga.saga s ON s.id = e.saga_id
  JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
 CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE last.verdict = 'approve') AS people,
               count(DISTINCT last.surface) FILTER (WHERE last.verdict = 'approve') AS surfaces,
               count(*) FILTER (WHERE last.policy < s.policy OR NOT EXISTS (
                    SELECT FROM saga.policy p WHERE p.version = last.policy)) AS strange
          FROM (SELECT DISTINCT ON (d.person_id) d.person_id, d.verdict, d.surface, d.policy
                  FROM (SELECT * FROM saga.decision o WHERE o.saga_id = e.saga_id
                         ORDER BY o.id LIMIT e.nth) AS d
                 WHERE d.content_hash = e.content_hash
                 ORDER BY d.person_id, d.id DESC) AS last
         WHERE NOT EXISTS (SELECT FROM saga.contributor c
                            WHERE c.saga_id = e.saga_id AND c.person_id = last.person_id)) AS counted
 WHERE e.to_state = 'approved'
   AND (counted.people < k.quorum OR k.quorum >= 2 AND counted.surfaces < 2 OR counted.strange > 0)
 ORDER BY 1, e.version LIMIT 20
