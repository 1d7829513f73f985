-- What numbers mean, and which days are not like others.

-- A number without a definition is no number. A change is a new version; old ones stay.
CREATE TABLE guardrail.metric_definitions (
    id          text NOT NULL CHECK (id ~ '^[a-z0-9_]{1,40}$'),
    version     integer NOT NULL CHECK (version > 0),
    name        text NOT NULL,
    numerator   text NOT NULL,
    denominator text NOT NULL, -- '1': it is a sum
    clock       text NOT NULL CHECK (clock IN ('order day', 'event day', 'account day', 'run')),
    time_window text NOT NULL,
    maturity    text NOT NULL, -- which share of late conversions must be in
    unit        text NOT NULL,
    use         text NOT NULL, -- what it may decide
    PRIMARY KEY (id, version)
);

INSERT INTO guardrail.metric_definitions VALUES
('spend', 1, 'Spend', 'cost the platforms charged', '1', 'account day', 'a day', 'none: it settles within 3 days', 'account currency', 'caps and pacing'),
('new_customers', 1, 'New customers', 'people whose first order that was not cancelled is on the day', '1', 'order day', 'a day', '28 days of cancellations', 'people', 'the outcome of the mix model'),
('claimed_conversions', 1, 'Claimed conversions', 'conversions as the platform counts them, under its setting', '1', 'event day', 'a day', 'F(age) >= .6; corrected to .9', 'conversions', 'within a campaign type only; a signal'),
('cac_platform', 1, 'Platform CAC', 'spend', 'claimed_conversions', 'event day', '28 days', 'F(age) >= .9', 'account currency', 'never moves money across channels'),
('cac_blended', 1, 'Blended CAC', 'spend of all channels', 'new_customers', 'order day', '28 days', 'matured', 'USD', 'tested against AELP2_CAC_CAP for the account'),
('icac', 1, 'Incremental CAC', 'spend of the channel', 'new customers that would not have come without it', 'run', '28 days', 'as the model''s data', 'USD', 'compares channels'),
('icac_marginal', 1, 'Marginal iCAC', 'the next dollar of spend', 'new customers it adds', 'run', '28 days', 'as the model''s data', 'USD', 'tested against AELP2_CAC_CAP for increases: its upper 80 % bound'),
('ltv_12m', 1, 'LTV', '12 months of contribution margin, net of refunds and cancellations', 'new_customers of the cohort', 'order day', '12 months', 'cohort complete or projected with its interval', 'USD', 'what the planner maximises, less spend'),
('kappa', 1, 'Incrementality', 'incremental conversions', 'claimed_conversions, matured', 'run', '28 days', 'F(age) >= .9', 'ratio', 'turns claims within a channel into increments'),
('maturity', 1, 'F(age)', 'conversions reported for a day after so many days', 'those reported in the end', 'event day', '90 days', 'learned from vintages', 'share', 'which days may decide at all'),
('uncertainty_pct', 1, 'Uncertainty', 'half the 90 % interval', 'the mean''s size', 'run', 'as the estimate', 'as the estimate', 'ratio', 'over .8 nothing is increased'),
('claims_ratio', 1, 'Claims to orders', 'claimed conversions of all platforms', 'orders', 'account day', '28 days', 'F(age) >= .9', 'ratio', 'shows how much platforms count twice');

-- What people enter: promos, price changes, outages, breaks of tracking.
CREATE TABLE guardrail.calendar_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('promo', 'price_change', 'outage', 'tracking_break')),
    market     text NOT NULL CHECK (market ~ '^([a-z]{2}|\*)$'),
    from_day   date NOT NULL,
    to_day     date NOT NULL CHECK (to_day BETWEEN from_day AND from_day + 366),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    person_id  uuid,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    removed_at timestamptz
);
CREATE INDEX calendar_event_days ON guardrail.calendar_event (from_day) WHERE removed_at IS NULL;

-- Rules of days that come every year: a date; or the nth weekday (0 is Sunday) of a month, -1 the
-- last; or so many days from Easter Sunday. `after` adds days: Black Friday is the day after
-- Thanksgiving.
CREATE TABLE guardrail.holiday (
    market  text NOT NULL,
    name    text NOT NULL,
    month   integer CHECK (month BETWEEN 1 AND 12),
    day     integer CHECK (day BETWEEN 1 AND 31),
    weekday integer CHECK (weekday BETWEEN 0 AND 6),
    nth     integer CHECK (nth BETWEEN -1 AND 5 AND nth <> 0),
    easter  integer,
    after   integer NOT NULL DEFAULT 0,
    PRIMARY KEY (market, name),
    CHECK (num_nonnulls(day, nth, easter) = 1
           AND (nth IS NULL) = (weekday IS NULL) AND (month IS NULL) = (easter IS NOT NULL))
);

INSERT INTO guardrail.holiday (market, name, month, day, weekday, nth, easter, after) VALUES
('us', 'New Year''s Day', 1, 1, NULL, NULL, NULL, 0),
('us', 'Martin Luther King Day', 1, NULL, 1, 3, NULL, 0),
('us', 'Valentine''s Day', 2, 14, NULL, NULL, NULL, 0),
('us', 'Presidents'' Day', 2, NULL, 1, 3, NULL, 0),
('us', 'Easter', NULL, NULL, NULL, NULL, 0, 0),
('us', 'Mother''s Day', 5, NULL, 0, 2, NULL, 0),
('us', 'Memorial Day', 5, NULL, 1, -1, NULL, 0),
('us', 'Father''s Day', 6, NULL, 0, 3, NULL, 0),
('us', 'Juneteenth', 6, 19, NULL, NULL, NULL, 0),
('us', 'Independence Day', 7, 4, NULL, NULL, NULL, 0),
('us', 'Labor Day', 9, NULL, 1, 1, NULL, 0),
('us', 'Halloween', 10, 31, NULL, NULL, NULL, 0),
('us', 'Thanksgiving', 11, NULL, 4, 4, NULL, 0),
('us', 'Black Friday', 11, NULL, 4, 4, NULL, 1),
('us', 'Cyber Monday', 11, NULL, 4, 4, NULL, 4),
('us', 'Christmas Eve', 12, 24, NULL, NULL, NULL, 0),
('us', 'Christmas Day', 12, 25, NULL, NULL, NULL, 0),
('us', 'New Year''s Eve', 12, 31, NULL, NULL, NULL, 0),
('gb', 'New Year''s Day', 1, 1, NULL, NULL, NULL, 0),
('gb', 'Good Friday', NULL, NULL, NULL, NULL, -2, 0),
('gb', 'Easter Monday', NULL, NULL, NULL, NULL, 1, 0),
('gb', 'Early May bank holiday', 5, NULL, 1, 1, NULL, 0),
('gb', 'Spring bank holiday', 5, NULL, 1, -1, NULL, 0),
('gb', 'Summer bank holiday', 8, NULL, 1, -1, NULL, 0),
('gb', 'Black Friday', 11, NULL, 4, 4, NULL, 1),
('gb', 'Christmas Day', 12, 25, NULL, NULL, NULL, 0),
('gb', 'Boxing Day', 12, 26, NULL, NULL, NULL, 0),
('de', 'Neujahr', 1, 1, NULL, NULL, NULL, 0),
('de', 'Karfreitag', NULL, NULL, NULL, NULL, -2, 0),
('de', 'Ostermontag', NULL, NULL, NULL, NULL, 1, 0),
('de', 'Tag der Arbeit', 5, 1, NULL, NULL, NULL, 0),
('de', 'Christi Himmelfahrt', NULL, NULL, NULL, NULL, 39, 0),
('de', 'Pfingstmontag', NULL, NULL, NULL, NULL, 50, 0),
('de', 'Tag der Deutschen Einheit', 10, 3, NULL, NULL, NULL, 0),
('de', 'Black Friday', 11, NULL, 4, 4, NULL, 1),
('de', 'Weihnachten', 12, 25, NULL, NULL, NULL, 0),
('de', 'Zweiter Weihnachtstag', 12, 26, NULL, NULL, NULL, 0),
('fr', 'Jour de l''An', 1, 1, NULL, NULL, NULL, 0),
('fr', 'Lundi de Pâques', NULL, NULL, NULL, NULL, 1, 0),
('fr', 'Fête du Travail', 5, 1, NULL, NULL, NULL, 0),
('fr', 'Victoire 1945', 5, 8, NULL, NULL, NULL, 0),
('fr', 'Ascension', NULL, NULL, NULL, NULL, 39, 0),
('fr', 'Lundi de Pentecôte', NULL, NULL, NULL, NULL, 50, 0),
('fr', 'Fête nationale', 7, 14, NULL, NULL, NULL, 0),
('fr', 'Assomption', 8, 15, NULL, NULL, NULL, 0),
('fr', 'Toussaint', 11, 1, NULL, NULL, NULL, 0),
('fr', 'Armistice', 11, 11, NULL, NULL, NULL, 0),
('fr', 'Black Friday', 11, NULL, 4, 4, NULL, 1),
('fr', 'Noël', 12, 25, NULL, NULL, NULL, 0),
('ca', 'New Year''s Day', 1, 1, NULL, NULL, NULL, 0),
('ca', 'Good Friday', NULL, NULL, NULL, NULL, -2, 0),
('ca', 'Canada Day', 7, 1, NULL, NULL, NULL, 0),
('ca', 'Labour Day', 9, NULL, 1, 1, NULL, 0),
('ca', 'Thanksgiving', 10, NULL, 1, 2, NULL, 0),
('ca', 'Black Friday', 11, NULL, 4, 4, NULL, 1),
('ca', 'Christmas Day', 12, 25, NULL, NULL, NULL, 0),
('ca', 'Boxing Day', 12, 26, NULL, NULL, NULL, 0);
