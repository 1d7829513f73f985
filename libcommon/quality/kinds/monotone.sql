-- The first column is never more than the second.
WITH bad AS (
    SELECT t.{account} AS account, t.{day} AS day{key}, {each t.%}
      FROM {table} t
     WHERE {window} AND t.{1} > t.{2}
)
{answer}
