-- $1 service, $2 stream, $3 sequence, $4 subject, $5 message id, $6 body, $7 headers, $8 reason,
-- $9 attempts
SELECT bus.bury($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9)
