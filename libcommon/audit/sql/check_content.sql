-- What people approved is what the rows say: effects, contributors, expiry and the rest hash to it.
SELECT s.id, format('its rows hash to %s, its content hash is %s', left(rows.hash, 16),
                    left(encode(s.content_hash, 'hex'), 16))
  FROM saga.saga s
  JOIN (SELECT c.id, encode(sha256(convert_to(c.content, 'UTF8')), 'hex') AS hash
          FROM saga.content(ARRAY(SELECT x.id FROM saga.saga x)) AS c) AS rows ON rows.id = s.id
 WHERE rows.hash IS DISTINCT FROM encode(s.content_hash, 'hex')
 ORDER BY 1 LIMIT 20
