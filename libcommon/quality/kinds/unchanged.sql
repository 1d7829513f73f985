-- The column is what it was on the day before on which the same thing was reported, within 30 days.
WITH reported AS (
    SELECT t.{account} AS account, t.{day} AS day{key}, t.{1} AS is_now,
           lag(t.{1}) OVER (PARTITION BY t.{account}{key} ORDER BY t.{day}) AS was
      FROM {table} t
     WHERE {window 30}
), bad AS (
    SELECT * FROM reported WHERE is_now <> was AND day >= {from}
)
{answer}
