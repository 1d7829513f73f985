-- $1 kind, $2 market, $3 from, $4 to, $5 name, $6 token
SELECT result, sentence
  FROM guardrail.add_day($1, $2, $3::text::date, $4::text::date, $5, 'token', ARRAY[$6])
