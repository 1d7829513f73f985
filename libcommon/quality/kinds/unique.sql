-- One row for each value of the columns, on an account's day. Examples name the thing, not the
-- values: these may be whatever somebody wrote into a link.
WITH counted AS (
    SELECT t.{account} AS account, t.{day} AS day{key},
           count(*) OVER (PARTITION BY t.{account}, t.{day}, {each t.%}) AS rows
      FROM {table} t
     WHERE {window}
), bad AS (
    SELECT * FROM counted WHERE rows > 1
)
{answer}
