-- $1 id, $2 token
SELECT result, sentence FROM guardrail.remove_day($1, 'token', ARRAY[$2])
