-- A flow may be about an account: ingest/google/1234567890.
ALTER TABLE ops.flow DROP CONSTRAINT flow_name_check;
ALTER TABLE ops.flow ADD CONSTRAINT flow_name_check CHECK (name ~ '^[A-Za-z0-9._/-]{1,100}$');
