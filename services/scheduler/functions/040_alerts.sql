-- What others have to say to people: that data may not be used, or is strange. The same again within
-- an hour is not said again.
CREATE OR REPLACE FUNCTION ops.alert_of_data(p_severity text, p_about text, p_sentence text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO ops.ops_alerts (severity, rule, about, sentence)
    SELECT p_severity, 'quality', p_about, left(p_sentence, 500)
     WHERE NOT EXISTS (SELECT FROM ops.ops_alerts a
                        WHERE a.about = p_about AND a.sentence = left(p_sentence, 500)
                          AND a.at > clock_timestamp() - interval '1 hour');
    RETURN FOUND;
END $$;
