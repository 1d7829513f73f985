-- $1 time
SELECT audit.retired_before($1), (SELECT coalesce(max(index), 0) FROM audit.minimum)
