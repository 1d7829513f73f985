#!/bin/sh
# A Postgres of its own in the folder $1, over its unix socket only; becomes the server process.
# Ends with the process that started it. Exit status 77: the server's programs aren't installed.
set -eu
folder=$1
bin=$(find /usr/lib/postgresql /usr/local/pgsql -name initdb 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || exit 77
bin=$(dirname "$bin")

# Postgres refuses to run as root.
as=
if [ "$(id -u)" = 0 ]; then
    user=$(id -u postgres 2>/dev/null || id -u nobody) # initdb wants a user with a name
    if unshare -U --map-user="$user" true 2>/dev/null; then
        as="unshare -U --map-user=$user"
    else
        chown postgres "$folder"
        as='runuser -u postgres --'
    fi
fi
$as "$bin/initdb" -D "$folder/data" -U postgres -A trust --no-sync >"$folder/initdb.log" 2>&1
printf 'local all postgres trust\nlocal all all scram-sha-256\n' >"$folder/data/pg_hba.conf"
exec $as setpriv --pdeathsig QUIT "$bin/postgres" -D "$folder/data" -k "$folder" \
    -c listen_addresses= -c fsync=off -c shared_buffers=16MB >"$folder/server.log" 2>&1
