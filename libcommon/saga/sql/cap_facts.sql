-- $1 sagas
SELECT saga_id, account, resource, currency, before_micros, after_micros, live_micros, live_age_s,
       shared, enabled, daily, busy, unit_micros, base, account_base, used, account_used,
       drift_base, account_drift_base, account_live, target_ramp_bp, account_ramp_bp
  FROM saga.cap_facts($1)
