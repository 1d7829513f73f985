-- $1 account, $2 resource or '', $3 from, $4 to, $5 bp of the budget, $6 bp of the account,
-- $7 token, $8 reason
SELECT result, sentence
  FROM saga.set_ramp($1, $2, $3::text::date, $4::text::date, $5, $6, 'token', ARRAY[$7], $8)
