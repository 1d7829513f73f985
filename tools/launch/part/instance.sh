# instance: a whole AELP2 under .run/<name>: own Postgres, own nats-server, own secrets and ports,
# the services. The demo is the instance "main"; every test has its own.

source "$ROOT/tools/launch/part/say.sh"
source "$ROOT/tools/launch/part/ports.sh"
source "$ROOT/tools/launch/part/process.sh"
source "$ROOT/tools/launch/part/postgres.sh"
source "$ROOT/tools/launch/part/nats.sh"
source "$ROOT/tools/launch/part/fleet.sh"

instance_dir() {
    [[ $1 =~ ^[a-z0-9][a-z0-9_-]{0,40}$ ]] || die "an instance's name is a-z 0-9 _ -, not '$1'"
    echo "$ROOT/.run/$1"
}

instance_prepare() {
    local dir=$1
    mkdir -p "$dir"/{pg,nats,secrets,logs,pids,audit,witness}
    chmod 700 "$dir/secrets"
    (
        flock 9
        mapfile -t names < <(fleet_port_names)
        ports_choose "$dir" "${names[@]}"
    ) 9>"$ROOT/.run/lock"
    [[ -f $dir/nats/authorization.conf ]] || instance_authorize "$dir"
    [[ -d $dir/pg/data ]] || instance_cluster "$dir"
}

instance_migrate() {
    "$(fleet_bin)/aelp-migrate" "$@"
}

# instance_authorize DIR: the NATS users, with new passwords in secrets.
instance_authorize() {
    if [[ -x $(fleet_bin)/aelp-migrate ]]; then
        (umask 077 && instance_migrate nats --secrets "$1/secrets" >"$1/nats/authorization.conf")
    else
        : >"$1/nats/authorization.conf"
    fi
}

instance_cluster() {
    postgres_init "$1"
}

# instance_schema DIR: database, roles with their passwords, migrations. Repeating it is harmless.
instance_schema() {
    local dir=$1
    if [[ -z $(postgres_psql "$dir" postgres -Atc \
        "SELECT 1 FROM pg_database WHERE datname = '$postgres_database'") ]]; then
        postgres_psql "$dir" postgres -c "CREATE DATABASE $postgres_database"
    fi
    if [[ ! -x $(fleet_bin)/aelp-migrate ]]; then
        return
    fi
    instance_migrate roles --secrets "$dir/secrets" | postgres_psql "$dir" "$postgres_database"
    DATABASE_URL_FILE=$dir/secrets/migrate.database_url instance_migrate up --root "$ROOT"
}

# instance_start DIR NAME...: Postgres and nats-server where named, then the named services.
instance_start() {
    local dir=$1 name
    shift
    instance_prepare "$dir"
    for name in "$@"; do
        case $name in
        postgres) step "Postgres" instance_start_postgres "$dir" ;;
        nats) step "nats-server" instance_start_nats "$dir" ;;
        *) fleet_start "$dir" "$name" ;;
        esac
    done
    for name in "$@"; do
        case $name in
        postgres | nats) ;;
        *) step "$name" fleet_wait "$dir" "$name" ;;
        esac
    done
}

instance_start_postgres() {
    postgres_start "$1"
    postgres_wait "$1"
    instance_schema "$1"
}

instance_start_nats() {
    nats_start "$1"
    nats_wait "$1"
}

# instance_running DIR: the names that have a living supervisor, Postgres and nats last.
instance_running() {
    local dir=$1 file name
    for file in "$dir"/pids/*.supervisor; do
        name=$(basename "$file" .supervisor)
        [[ -f $file && $(process_pid "$file") ]] && case $name in
        postgres) echo "3 $name" ;;
        nats) echo "2 $name" ;;
        *) echo "1 $name" ;;
        esac
    done | sort | cut -d' ' -f2
}

instance_stop() {
    local dir=$1 running
    running=$(instance_running "$dir")
    # shellcheck disable=SC2086 # names are words
    process_stop "$dir" $(grep -vx -e nats -e postgres <<<"$running")
    # shellcheck disable=SC2086
    process_stop "$dir" $(grep -x -e nats -e postgres <<<"$running")
}

# instance_info DIR: one JSON line, for tests and scripts.
instance_info() {
    local dir=$1 ports
    ports=$(sed 's/\(.*\)=\(.*\)/"\1":\2/' "$dir/ports" | paste -sd,)
    printf '{"name":"%s","dir":"%s","secrets":"%s","socket":"%s","database":"%s",' \
        "$(basename "$dir")" "$dir" "$dir/secrets" "$(postgres_socket "$dir")" "$postgres_database"
    printf '"nats_url":"nats://127.0.0.1:%s","ports":{%s}}\n' "$(port_of "$dir" nats)" "$ports"
}
