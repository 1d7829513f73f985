-- $1 run, $2 how many
UPDATE ingest.run SET vintages = vintages + $2 WHERE id = $1
