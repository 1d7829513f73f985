-- The person whose token is checked. Run as the superuser over the socket.
INSERT INTO people.person (id) VALUES ('00000000-0000-0000-0000-00000000000a');
INSERT INTO people.grant_of (person_id, role)
VALUES ('00000000-0000-0000-0000-00000000000a', 'proposer');
INSERT INTO people.credential (hash, person_id, expires_at)
VALUES (sha256(convert_to(:'token', 'UTF8')), '00000000-0000-0000-0000-00000000000a',
        now() + interval '1 day');
