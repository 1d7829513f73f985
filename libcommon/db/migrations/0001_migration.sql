-- What has been applied. Written by aelp-migrate alone, in the transaction that applies the file.
CREATE TABLE db.migration (
    schema     text NOT NULL,
    file       text NOT NULL, -- migrations/0001_what.sql, functions/what.sql, api/what.sql
    sha256     bytea NOT NULL CHECK (octet_length(sha256) = 32),
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (schema, file)
);
