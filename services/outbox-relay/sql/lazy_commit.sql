-- A deletion lost in a crash only means that a message is said again under its old id.
SELECT set_config('synchronous_commit', 'off', true)
