-- $1 source, $2 account or '', $3 from or '', $4 to or '', $5 token
SELECT result, sentence, run
  FROM guardrail.ask_check($1, $2, nullif($3, '')::text::date, nullif($4, '')::text::date, 'token', ARRAY[$5])
