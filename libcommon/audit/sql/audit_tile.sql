-- $1 level, $2 n, $3 width
SELECT audit.tile_hashes($1, $2, $3)
