# instance: a whole AELP2 under .run/<name>: own Postgres, own nats-server, own secrets and ports,
# the services. The demo is the instance "main"; every test has its own.
# shellcheck shell=bash

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

# instance_lock DIR: held until the launcher ends; whoever starts the same instance waits for it.
instance_lock() {
    mkdir -p "$1"
    exec 8>"$1/lock"
    flock --nonblock 8 || {
        say "Another ./aelp is starting '$(basename "$1")'; waiting for it"
        flock 8
    }
}

instance_prepare() {
    local dir=$1 names
    mkdir -p "$dir"/{pg,nats,secrets,logs,pids,audit,witness}
    chmod 700 "$dir/secrets"
    mapfile -t names < <(fleet_port_names)
    ports_choose "$dir" "${names[@]}"
}

instance_migrate() {
    "$(fleet_bin)/aelp-migrate" "$@"
}

# instance_authorize DIR: the NATS users; passwords that already lie in secrets are kept.
instance_authorize() {
    mkdir -p "$1/nats"
    (umask 077 && instance_migrate nats --secrets "$1/secrets" >"$1/nats/authorization.conf")
}

# instance_roles DIR: roles and their passwords, each with its url in secrets; over the socket, whose
# path stands in a url byte by byte.
instance_roles() {
    local dir=$1 socket
    socket=$(postgres_socket "$dir" | tr -d '\n' | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g')
    instance_migrate roles --secrets "$dir/secrets" --url-template \
        "postgresql://{role}:{password}@$socket:$(port_of "$dir" postgres)/$postgres_database" |
        postgres_psql "$dir"
}

instance_migrations() {
    DATABASE_URL_FILE=$1/secrets/migrate.database_url instance_migrate up --root "$ROOT" \
        >"$1/logs/migrate.log" 2>&1 || {
        printf '\n' >&2
        tail -5 "$1/logs/migrate.log" >&2
        say "  next: go back to the checkout that made this data, or delete it: ./aelp instance destroy $(basename "$1")"
        return 1
    }
}

# instance_template: the folder of a migrated, empty cluster for today's SQL and fleet rows, made
# when there is none, so that a test's instance starts in a second. Only its data is ever copied.
instance_template() {
    local key template dir
    key=$(instance_template_key)
    template=$ROOT/build/template-$key
    (
        flock 9
        [[ ! -d $template ]] || exit 0
        find "$ROOT/build" -maxdepth 1 -name 'template-*' -type d -mmin +60 -exec rm -rf {} +
        rm -rf "$ROOT/.run/template"
        dir=$ROOT/.run/template
        instance_prepare "$dir"
        trap 'process_stop "$dir" postgres' EXIT
        postgres_init "$dir"
        instance_start_postgres "$dir"
        postgres_psql "$dir" --dbname=postgres -c "CREATE DATABASE $postgres_database"
        instance_roles "$dir"
        instance_migrations "$dir"
        process_stop "$dir" postgres
        mkdir "$template.new"
        cp -a "$dir/pg/data" "$dir/secrets/postgres.password" "$template.new"
        mv "$template.new" "$template"
        rm -rf "$dir"
    ) 9>"$ROOT/build/template.lock" >&2
    echo "$template"
}

instance_template_key() {
    {
        find "$ROOT"/libcommon "$ROOT"/services -name '*.sql' -print0 | sort -z | xargs -0 cat
        cat "$ROOT"/tools/aelp-migrate/{*.c,sql/*} "$ROOT"/docker/p*.conf
        instance_migrate fleet
        postgres_bin
    } | sha256sum | cut -c1-16
}

# instance_cluster DIR: a copy of the template under passwords of its own, or the cluster it has,
# brought up to date.
instance_cluster() {
    local dir=$1 template
    if [[ -d $dir/pg/data ]]; then
        instance_start_postgres "$dir"
        instance_roles "$dir"
        instance_migrations "$dir"
        return
    fi
    template=$(instance_template)
    cp -a "$template/data" "$dir/pg/data.new"
    cp "$template/postgres.password" "$dir/secrets/postgres.password"
    mv "$dir/pg/data.new" "$dir/pg/data"
    mkdir -p "$dir/pg/socket"
    chmod 700 "$dir/pg" "$dir/pg/socket"
    instance_start_postgres "$dir"
    instance_roles "$dir"
}

# instance_start_postgres DIR: Postgres starts first, so it is the one that finds a block taken since
# it was chosen. While nothing else of the instance runs, the instance moves to another.
instance_start_postgres() {
    local dir=$1 names
    mapfile -t names < <(fleet_port_names)
    postgres_start "$dir"
    while [[ $(instance_running "$dir") == postgres ]] && postgres_port_taken "$dir"; do
        process_stop "$dir" postgres
        mv "$dir/logs/postgres.log" "$dir/logs/postgres.$(port_of "$dir" base).log"
        ports_move "$dir" "${names[@]}"
        postgres_start "$dir"
    done
    postgres_wait "$dir"
}

# instance_start DIR NAME...: Postgres and nats-server where named, then the named services.
instance_start() {
    local dir=$1 name
    shift
    instance_prepare "$dir"
    for name in "$@"; do
        case $name in
        postgres) step "Postgres" instance_cluster "$dir" ;;
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

instance_start_nats() {
    instance_authorize "$1"
    nats_start "$1"
    nats_wait "$1"
}

# instance_running DIR: the names that have a living supervisor, one a line.
instance_running() {
    local file
    for file in "$1"/pids/*.supervisor; do
        [[ ! -f $file || -z $(process_pid "$file") ]] || basename "$file" .supervisor
    done
}

instance_stop() {
    local dir=$1 services servers
    mapfile -t services < <(instance_running "$dir" | grep -vx -e nats -e postgres)
    mapfile -t servers < <(instance_running "$dir" | grep -x -e nats -e postgres)
    process_stop "$dir" "${services[@]}"
    process_stop "$dir" "${servers[@]}"
}

# instance_info DIR: one JSON line, for tests and scripts.
instance_info() {
    local dir=$1 ports
    ports=$(sed 's/\(.*\)=\(.*\)/"\1":\2/' "$dir/ports" | paste -sd,)
    printf '{"name":"%s","dir":"%s","secrets":"%s","socket":"%s","database":"%s",' \
        "$(basename "$dir")" "$dir" "$dir/secrets" "$(postgres_socket "$dir")" "$postgres_database"
    printf '"nats_url":"nats://127.0.0.1:%s","ports":{%s}}\n' "$(port_of "$dir" nats)" "$ports"
}
