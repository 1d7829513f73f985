-- An account's rows of a day are not all those of a day in the week before: the same day under two
-- dates. Where the first column's sum is below `least`, they may be the same by chance.
WITH days AS (
    SELECT t.{account} AS account, t.{day} AS day, count(*) AS rows, sum(t.{1})::float8 AS total,
           sum(hashtextextended(ROW({each t.%}{key})::text, 0)) AS print
      FROM {table} t
     WHERE {window 7} GROUP BY t.{account}, t.{day}
), bad AS (
    SELECT d.account, d.day, p.day AS same_as, d.rows
      FROM days d
      JOIN days p ON p.account = d.account AND p.print = d.print AND p.rows = d.rows
                 AND p.day BETWEEN d.day - 7 AND d.day - 1
     WHERE d.day >= {from} AND d.total >= {least}
)
{answer}
