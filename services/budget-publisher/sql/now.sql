-- The server's clock, in which permits are given.
SELECT clock_timestamp()
