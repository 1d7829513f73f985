# postgres: an instance's own cluster. Scram everywhere, TCP on loopback only, the superuser only
# over the unix socket in <instance>/pg. Its password and those of the roles lie in <instance>/secrets.
# shellcheck shell=bash

postgres_database=aelp

# postgres_bin: where the newest installed server's programs are.
postgres_bin() {
    local bins
    bins=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -t/ -k5,5n | tail -1)
    [[ -x $bins ]] || die "no Postgres server found: run ./aelp setup"
    dirname "$bins"
}

# postgres_as DIR: the words that run a command as someone Postgres accepts (never root).
postgres_as() {
    if ((EUID != 0)); then
        return 0
    elif id postgres >/dev/null 2>&1 && postgres_user_reaches "$1"; then
        echo "setpriv --reuid=postgres --regid=postgres --init-groups"
    else
        echo "unshare --user --map-user=$(postgres_some_user)"
    fi
}

# postgres_some_user: the number of a user who is not root and has a name, as initdb wants.
postgres_some_user() {
    id -u postgres 2>/dev/null || id -u nobody
}

postgres_user_reaches() {
    setpriv --reuid=postgres --regid=postgres --init-groups test -x "$1" 2>/dev/null
}

# postgres_socket DIR: the socket's folder; through a short link where the path is too long for one.
postgres_socket() {
    local real=$1/pg/socket short
    if ((${#real} <= 107 - 20)); then # "/.s.PGSQL.65535.lock" comes behind it
        echo "$real"
        return
    fi
    short=/tmp/aelp-$(printf '%s' "$real" | sha256sum | cut -c1-16)
    [[ $(readlink "$short" 2>/dev/null) == "$real" ]] || ln -sfn "$real" "$short"
    echo "$short"
}

# postgres_init DIR: an empty cluster with its settings in <DIR>/pg/data.
postgres_init() {
    local dir=$1 as password_file data=$1/pg/data
    mkdir -p "$dir/pg/socket"
    chmod 700 "$dir/pg" "$dir/pg/socket"
    password_file=$dir/secrets/postgres.password
    (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$password_file")
    as=$(postgres_as "$dir")
    cp "$password_file" "$dir/pg/password"
    [[ $as != setpriv* ]] || chown -R postgres: "$dir/pg"
    $as "$(postgres_bin)/initdb" --pgdata="$data" --username=postgres \
        --pwfile="$dir/pg/password" --auth=scram-sha-256 --data-checksums --encoding=UTF8 \
        --locale=C.UTF-8 --no-instructions >"$dir/logs/initdb.log" 2>&1 || {
        tail -5 "$dir/logs/initdb.log" >&2
        return 1
    }
    rm "$dir/pg/password"
    cat "$ROOT/docker/postgres.conf" >>"$data/postgresql.conf"
    cat "$ROOT/docker/pg_hba.conf" >"$data/pg_hba.conf"
}

postgres_start() {
    local dir=$1 as
    as=$(postgres_as "$dir")
    [[ $as != setpriv* ]] || chown -R postgres: "$dir/pg"
    # shellcheck disable=SC2086 # $as is words
    process_supervise "$dir" postgres INT $as "$(postgres_bin)/postgres" -D "$dir/pg/data" \
        -c listen_addresses=127.0.0.1 -c port="$(port_of "$dir" postgres)" \
        -c unix_socket_directories="$(postgres_socket "$dir")"
}

postgres_ready() {
    "$(postgres_bin)/pg_isready" -q -h "$(postgres_socket "$1")" -p "$(port_of "$1" postgres)"
}

# postgres_port_taken DIR: waits until the server that was just started has its port, is refused it,
# or fails for another reason.
postgres_port_taken() {
    local began
    began=$(now_ms)
    until postgres_ready "$1" || process_keeps_exiting "$1" postgres ||
        (($(now_ms) - began > 30000)); do
        ! grep -qs 'could not create any TCP/IP sockets' "$1/logs/postgres.log" || return 0
        sleep 0.02
    done
    return 1
}

postgres_wait() {
    process_wait "$1" postgres postgres_ready "$1"
}

# postgres_psql DIR [ARGUMENT...]: as the superuser, over the socket, by default in our database.
postgres_psql() {
    local dir=$1
    shift
    PGPASSWORD=$(<"$dir/secrets/postgres.password") "$(postgres_bin)/psql" --no-psqlrc --quiet \
        --set=ON_ERROR_STOP=1 --host="$(postgres_socket "$dir")" \
        --port="$(port_of "$dir" postgres)" --username=postgres --dbname="$postgres_database" "$@"
}
