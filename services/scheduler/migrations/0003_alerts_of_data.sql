-- An alert may be about data, which no flow brought: then `about` says whose.
ALTER TABLE ops.ops_alerts
    ALTER COLUMN flow DROP NOT NULL,
    ADD COLUMN about text CHECK (length(about) <= 200),
    ADD CONSTRAINT ops_alerts_about_something CHECK (flow IS NOT NULL OR about IS NOT NULL),
    DROP CONSTRAINT ops_alerts_rule_check,
    ADD CONSTRAINT ops_alerts_rule_check
        CHECK (rule IN ('missed', 'overdue', 'failed', 'schedule', 'quality'));
CREATE INDEX ops_alerts_about ON ops.ops_alerts (about, at) WHERE about IS NOT NULL;
