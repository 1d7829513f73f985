-- One row for each value of the columns, on an account's day.
WITH bad AS (
    SELECT t.{account} AS account, t.{day} AS day, {each t.%}, count(*) AS rows
      FROM {table} t
     WHERE {window}
     GROUP BY t.{account}, t.{day}, {each t.%} HAVING count(*) > 1
)
{answer}
