-- Which logins and owners this run knows; filled below, used by roles_end.sql.
SET client_min_messages = warning;
BEGIN;
CREATE TEMPORARY TABLE login (name name) ON COMMIT DROP;
CREATE TEMPORARY TABLE owner (name name) ON COMMIT DROP;
