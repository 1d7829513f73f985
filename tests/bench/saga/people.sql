-- The bench's own people: one proposes, the other approves. Run as the superuser over the socket.
INSERT INTO people.person (id)
VALUES ('00000000-0000-0000-0000-00000000000a'), ('00000000-0000-0000-0000-00000000000b');
INSERT INTO people.grant_of (person_id, role)
VALUES ('00000000-0000-0000-0000-00000000000a', 'proposer'),
       ('00000000-0000-0000-0000-00000000000b', 'approver');
INSERT INTO people.credential (hash, person_id, expires_at)
VALUES (sha256(convert_to(:'proposer', 'UTF8')), '00000000-0000-0000-0000-00000000000a',
        now() + interval '1 day'),
       (sha256(convert_to(:'approver', 'UTF8')), '00000000-0000-0000-0000-00000000000b',
        now() + interval '1 day');
INSERT INTO saga.control (scope, level, effective, at) VALUES ('*', 'run', true, now());
