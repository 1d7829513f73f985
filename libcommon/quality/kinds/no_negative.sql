-- No column is below zero.
WITH bad AS (
    SELECT t.{account} AS account, t.{day} AS day{key}, {each t.%}
      FROM {table} t
     WHERE {window} AND least({each t.%}) < 0
)
{answer}
