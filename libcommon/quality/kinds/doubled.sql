-- Counts of a day are not all even: where so many are, each was counted twice.
WITH bad AS (
    SELECT t.{account} AS account, t.{day} AS day, count(*) AS numbers
      FROM {table} t CROSS JOIN LATERAL unnest(ARRAY[{each t.%}]::bigint[]) AS n (number)
     WHERE {window} AND n.number <> 0
     GROUP BY t.{account}, t.{day} HAVING count(*) >= {least} AND bool_and(n.number % 2 = 0)
)
{answer}
