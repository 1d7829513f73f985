-- What had more than nothing in the first column on each of so many days is there on the next one,
-- if the account has any row then; unless the second column said last that it had ended. Only of
-- the most recent days: what was seen to vanish keeps data back no longer than that.
WITH seen AS (
    SELECT t.{account} AS account, t.{day} AS day{key}, t.{1} AS amount, t.{2} AS status,
           lead(t.{day}) OVER (PARTITION BY t.{account}{key} ORDER BY t.{day}) AS next_day
      FROM {table} t
     WHERE {window 28}
), spent AS (
    SELECT t.*, lag(t.day, {days}::integer - 1) OVER (PARTITION BY t.account{key} ORDER BY t.day) AS first_day
      FROM seen t
     WHERE t.amount > 0
), bad AS (
    SELECT t.account, t.day + 1 AS day{key}
      FROM spent t
      JOIN (SELECT DISTINCT account, day FROM seen) r ON r.account = t.account AND r.day = t.day + 1
     WHERE t.first_day = t.day - ({days}::integer - 1) AND t.next_day IS DISTINCT FROM t.day + 1
       AND t.status <> ALL ({ended}) AND t.day + 1 > {to} - {recent}::integer
       AND t.day + 1 >= {from}
)
{answer}
