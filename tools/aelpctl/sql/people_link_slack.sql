-- $1 person, $2 team, $3 user
SELECT people.link_slack($1, $2, $3)::text
