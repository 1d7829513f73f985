-- A credential has a name of its own, so that a decision can say what proved it without showing
-- what could; a person can be erased for good.

ALTER TABLE people.credential ADD COLUMN id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid();
ALTER TABLE people.slack_link ADD COLUMN id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid();
CREATE INDEX slack_link_of_person ON people.slack_link (person_id);

ALTER TABLE people.person ADD COLUMN erased_at timestamptz;

-- They are made again with more to say.
DROP FUNCTION IF EXISTS people._prove(text, text[]);
DROP FUNCTION IF EXISTS people._prove_token(text);
DROP FUNCTION IF EXISTS people._prove_slack(text, text, text);
