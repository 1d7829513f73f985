-- The contract's names: of each key what is known now, and what was known then. A condition on
-- account and business_date reaches the index through the views.

CREATE OR REPLACE VIEW ingest.ads_campaign_performance AS
SELECT DISTINCT ON (account, business_date, campaign)
       account, campaign, business_date, campaign_name, type, status, setting, currency,
       impressions, clicks, cost_micros, conversions, conversions_on_day, value_micros,
       view_through, observed_at, raw_id
  FROM ingest.campaign_day
 ORDER BY account, business_date, campaign, observed_at DESC;

CREATE OR REPLACE VIEW ingest.ads_ad_performance AS
SELECT DISTINCT ON (account, business_date, ad)
       account, ad, business_date, campaign, ad_group, status, setting, currency,
       impressions, clicks, cost_micros, conversions, conversions_on_day, value_micros,
       view_through, observed_at, raw_id
  FROM ingest.ad_day
 ORDER BY account, business_date, ad, observed_at DESC;

CREATE OR REPLACE VIEW ingest.ga4_aggregates AS
SELECT DISTINCT ON (account, business_date, utm_source, utm_medium, campaign)
       account, utm_source, utm_medium, campaign, business_date, currency,
       sessions, users, key_events, value_micros, observed_at, raw_id
  FROM ingest.ga4_day
 ORDER BY account, business_date, utm_source, utm_medium, campaign, observed_at DESC;

-- p_at is by the account's clock. Account by account, so that days are a range of the index.
CREATE OR REPLACE FUNCTION ingest.ads_campaign_performance_as_of(
    p_at timestamptz, p_from date DEFAULT '-infinity', p_to date DEFAULT 'infinity')
RETURNS SETOF ingest.ads_campaign_performance
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.* FROM ingest.source_state s CROSS JOIN LATERAL (
        SELECT DISTINCT ON (c.business_date, c.campaign)
               c.account, c.campaign, c.business_date, c.campaign_name, c.type, c.status,
               c.setting, c.currency, c.impressions, c.clicks, c.cost_micros, c.conversions,
               c.conversions_on_day, c.value_micros, c.view_through, c.observed_at, c.raw_id
          FROM ingest.campaign_day c
         WHERE c.account = s.account AND c.business_date BETWEEN p_from AND p_to
           AND c.observed_at <= p_at
         ORDER BY c.business_date, c.campaign, c.observed_at DESC) d
$$;

CREATE OR REPLACE FUNCTION ingest.ads_ad_performance_as_of(
    p_at timestamptz, p_from date DEFAULT '-infinity', p_to date DEFAULT 'infinity')
RETURNS SETOF ingest.ads_ad_performance
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.* FROM ingest.source_state s CROSS JOIN LATERAL (
        SELECT DISTINCT ON (a.business_date, a.ad)
               a.account, a.ad, a.business_date, a.campaign, a.ad_group, a.status, a.setting,
               a.currency, a.impressions, a.clicks, a.cost_micros, a.conversions,
               a.conversions_on_day, a.value_micros, a.view_through, a.observed_at, a.raw_id
          FROM ingest.ad_day a
         WHERE a.account = s.account AND a.business_date BETWEEN p_from AND p_to
           AND a.observed_at <= p_at
         ORDER BY a.business_date, a.ad, a.observed_at DESC) d
$$;

CREATE OR REPLACE FUNCTION ingest.ga4_aggregates_as_of(
    p_at timestamptz, p_from date DEFAULT '-infinity', p_to date DEFAULT 'infinity')
RETURNS SETOF ingest.ga4_aggregates
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.* FROM ingest.source_state s CROSS JOIN LATERAL (
        SELECT DISTINCT ON (g.business_date, g.utm_source, g.utm_medium, g.campaign)
               g.account, g.utm_source, g.utm_medium, g.campaign, g.business_date, g.currency,
               g.sessions, g.users, g.key_events, g.value_micros, g.observed_at, g.raw_id
          FROM ingest.ga4_day g
         WHERE g.account = s.account AND g.business_date BETWEEN p_from AND p_to
           AND g.observed_at <= p_at
         ORDER BY g.business_date, g.utm_source, g.utm_medium, g.campaign, g.observed_at DESC) d
$$;
