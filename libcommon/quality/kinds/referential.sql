-- What the column names is known to the other table, on these days or the 30 before.
WITH named AS (
    SELECT t.{account} AS account, min(t.{day}) AS day, t.{1} FROM {table} t
     WHERE {window} GROUP BY t.{account}, t.{1}
), known AS (
    SELECT DISTINCT t.{account} AS account, t.{in_column} AS known FROM ingest.{in} t
     WHERE {window 30}
), bad AS (
    SELECT n.* FROM named n LEFT JOIN known k ON k.account = n.account AND k.known = n.{1}
     WHERE k.account IS NULL
)
{answer}
