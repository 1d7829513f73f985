-- $1 how many
SELECT decision, saga_id, slack_user, headline, verdict, surface, at FROM saga.due_notices($1)
