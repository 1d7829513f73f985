-- Every column lies from min to max.
WITH bad AS (
    SELECT t.{account} AS account, t.{day} AS day{key}, {each t.%}
      FROM {table} t
     WHERE {window} AND (least({each t.%::float8}) < {min} OR greatest({each t.%::float8}) > {max})
)
{answer}
