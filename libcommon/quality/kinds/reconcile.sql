-- The first column's sum over all rows of the second is what the other table has for it, within a
-- share and a slack. What only one of them has is not compared.
WITH parts AS (
    SELECT t.{account} AS account, t.{day} AS day, t.{2} AS of, sum(t.{1}) AS parts FROM {table} t
     WHERE {window} GROUP BY t.{account}, t.{day}, t.{2}
), wholes AS (
    SELECT t.{account} AS account, t.{day} AS day, t.{2} AS of, sum(t.{1}) AS whole FROM ingest.{with} t
     WHERE {window} GROUP BY t.{account}, t.{day}, t.{2}
), bad AS (
    SELECT p.account, p.day, p.of AS {2}, p.parts, w.whole
      FROM parts p JOIN wholes w ON w.account = p.account AND w.day = p.day AND w.of = p.of
     WHERE abs(p.parts - w.whole)::float8 > greatest(abs(w.whole)::float8 * {tolerance}, {slack})
)
{answer}
