-- $1 post, $2 message ts, $3 version shown, $4 whether it stays open
UPDATE slack.post
   SET ts = $2, shown = $3, open = $4, tries = 0, not_before = '-infinity'
 WHERE id = $1
