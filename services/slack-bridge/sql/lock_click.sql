-- $1 click
SELECT id FROM slack.click WHERE id = $1 AND stage = 'stored' FOR UPDATE
