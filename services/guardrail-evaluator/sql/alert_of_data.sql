-- $1 severity, $2 whose data, $3 sentence
SELECT ops.alert_of_data($1, $2, $3)
