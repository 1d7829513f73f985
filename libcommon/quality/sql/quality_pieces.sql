-- $1 from, $2 to, $3 days a piece
-- The newest first.
SELECT p.day::date::text, least(p.day::date + $3::integer - 1, $2::text::date)::text
  FROM generate_series($1::text::date, $2::text::date, $3::integer * interval '1 day') AS p (day)
 ORDER BY p.day DESC
