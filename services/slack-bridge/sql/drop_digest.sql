-- $1 channel
DELETE FROM slack.digest WHERE channel = $1
