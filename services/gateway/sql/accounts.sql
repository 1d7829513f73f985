SELECT coalesce(json_agg(json_build_object('id', id, 'platform', platform, 'currency', currency,
                                           'tz', tz, 'unit_micros', unit_micros::text)
                         ORDER BY id), '[]')::text
  FROM saga.account
