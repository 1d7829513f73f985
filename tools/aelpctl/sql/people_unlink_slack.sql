-- $1 person
SELECT people.unlink_slack($1)
