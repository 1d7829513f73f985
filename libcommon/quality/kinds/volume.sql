-- An account's sum of a day lies between low times the least and high times the most of the same
-- weekday in the 4 weeks before, of which 3 must be there. A day without rows between others counts
-- as nothing; those behind the last are a matter of freshness. Only of the most recent days, so
-- that a day that was really unusual keeps nothing back for long.
WITH sums AS (
    SELECT t.{account} AS account, t.{day} AS day, sum(t.{1})::float8 AS total FROM {table} t
     WHERE {window 28} GROUP BY t.{account}, t.{day}
), days AS (
    SELECT e.account, d.day::date AS day, coalesce(s.total, 0) AS total
      FROM (SELECT s.account, min(s.day) AS first,
                   CASE WHEN EXISTS (SELECT FROM {table} t WHERE t.{account} = s.account
                                        AND t.{day} > {to} AND t.{day} <= {to} + 7)
                        THEN {to} ELSE max(s.day) END AS last
              FROM sums s GROUP BY s.account) e
     CROSS JOIN LATERAL generate_series(e.first, e.last, interval '1 day') AS d (day)
      LEFT JOIN sums s ON s.account = e.account AND s.day = d.day::date
), usual AS (
    SELECT account, day, total, min(total) OVER weekday AS least, max(total) OVER weekday AS most,
           count(*) OVER weekday AS weeks
      FROM days
    WINDOW weekday AS (PARTITION BY account, extract(isodow FROM day) ORDER BY day
                       RANGE BETWEEN '28 days' PRECEDING AND '7 days' PRECEDING)
), bad AS (
    SELECT account, day, total, least, most FROM usual
     WHERE day >= {from} AND day > {to} - {recent}::integer AND weeks >= 3 AND most > 0
       AND (total < least * {low} OR total > most * {high})
)
{answer}
