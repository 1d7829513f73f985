-- The column is the account's currency, as the ledger has it or the source first said it.
WITH bad AS (
    SELECT t.{account} AS account, t.{day} AS day{key}, t.{1}, coalesce(a.currency, s.currency) AS account_has
      FROM {table} t
      JOIN ingest.source_state s ON s.account = t.{account}
      LEFT JOIN saga.account a ON a.id = s.account
     WHERE {window} AND t.{1} <> coalesce(a.currency, s.currency)
)
{answer}
