-- Every account of a platform that this service speaks to.
SELECT id, currency FROM saga.account WHERE platform = 'google' ORDER BY id
