-- The plan's names for the calendar. Views: the ledger holds the locks, because it enforces them.

CREATE OR REPLACE VIEW guardrail.calendar_locks AS
SELECT l.id, l.scope, l.from_at, l.to_at, l.reason, l.person_id, l.at, l.lifted_at, l.lifted_by
  FROM saga.calendar_lock l;

-- Each account's days on which changes wait, at least for some hours.
CREATE OR REPLACE VIEW guardrail.calendar AS
SELECT a.id AS account_id, day::date AS business_date, l.id AS lock_id, l.reason
  FROM saga.calendar_lock l
  JOIN saga.account a ON l.scope IN ('*', a.platform, a.id)
 CROSS JOIN LATERAL generate_series(date_trunc('day', l.from_at AT TIME ZONE a.tz),
                                    (l.to_at - interval '1 us') AT TIME ZONE a.tz,
                                    interval '1 day') AS day
 WHERE l.lifted_at IS NULL;
