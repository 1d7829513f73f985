-- What people approved is what the rows say: effects, contributors, expiry and the rest hash to it.
-- Where the note was erased its hash is gone, and nobody can tell any more.
SELECT s.id, format('its rows hash to %s, its content hash is %s', left(rows.hash, 16),
                    left(encode(s.content_hash, 'hex'), 16))
  FROM saga.saga s
 CROSS JOIN LATERAL (SELECT encode(sha256(convert_to(saga.content(s.id), 'UTF8')), 'hex')) AS rows (hash)
 WHERE rows.hash <> encode(s.content_hash, 'hex')
 ORDER BY 1 LIMIT 20
