-- $1 milliseconds that a statement of this connection may take
SELECT set_config('statement_timeout', $1, false)
