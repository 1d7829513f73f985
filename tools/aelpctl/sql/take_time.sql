-- For what walks the whole ledger.
SELECT set_config('statement_timeout', '0', false)
