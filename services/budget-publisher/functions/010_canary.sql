-- The plan's names for what the ledger holds of budgets. Views: the ledger is the only copy.

-- One row a budget of a change that was carried out, or is being.
CREATE OR REPLACE VIEW budget.canary_changes AS
SELECT s.id AS saga_id, e.n, g.account_id, g.resource, g.name, a.currency,
       e.before_micros, e.after_micros, s.kind, s.state, x.mode, x.back AS rolled_back,
       x.begun_at, last.sent_at, last.outcome, last.evidence, last.finished_at
  FROM saga.execution x
  JOIN saga.saga s ON s.id = x.saga_id
  JOIN saga.effect e ON e.saga_id = x.saga_id
  JOIN saga.target g ON g.id = e.target_id
  JOIN saga.account a ON a.id = g.account_id
  JOIN saga.attempt last ON last.saga_id = x.saga_id AND last.fence = x.fence;

-- The readings of a budget that the ledger kept: those that showed something new, and the proofs of
-- our own changes, for 30 days; and the last before these.
CREATE OR REPLACE VIEW budget.canary_budgets_snapshot AS
SELECT o.at, g.account_id, g.resource, g.name, a.currency, o.daily_micros, o.source
  FROM saga.observed o
  JOIN saga.target g ON g.id = o.target_id
  JOIN saga.account a ON a.id = g.account_id;
