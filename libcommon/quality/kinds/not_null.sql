-- Every column has a value, and it is not empty.
WITH bad AS (
    SELECT t.{account} AS account, t.{day} AS day{key}
      FROM {table} t
     WHERE {window} AND num_nonnulls({each nullif(t.%::text, '')}) < {count}
)
{answer}
