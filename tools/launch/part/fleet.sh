# fleet: the services of an instance: which there are, what environment each gets, are they ready.
# shellcheck shell=bash

# fleet_services: every service that is built, one a line; the witness runs beside the audit-writer.
fleet_services() {
    local main name
    for main in "$ROOT"/services/*/main.c; do
        name=$(basename "$(dirname "$main")")
        [[ ! -x $(fleet_bin)/$name ]] || echo "$name"
        [[ $name != audit-writer || ! -x $(fleet_bin)/aelp-witness ]] || echo witness
    done
}

fleet_bin() {
    echo "${AELP2_BIN:-$ROOT/build/release}"
}

# fleet_port_names: who gets a port, in the order of the block; the gateway's API is the first.
fleet_port_names() {
    printf '%s\n' api postgres nats nats_monitor witness slack
    basename -a "$ROOT"/services/*/ | grep -vx '\*' || true
}

fleet_url() {
    echo "http://127.0.0.1:$(port_of "$1" "$2")"
}

# fleet_environment DIR NAME: K=V lines for one service: what all have, its own, what was asked for.
fleet_environment() {
    local dir=$1 name=$2
    cat <<END
DATABASE_URL_FILE=$dir/secrets/$name.database_url
NATS_URL=nats://127.0.0.1:$(port_of "$dir" nats)
NATS_USER=$name
NATS_PASSWORD_FILE=$dir/secrets/$name.nats
FACE_PORT=$(port_of "$dir" "$name")
END
    fleet_own_environment "$dir" "$name"
    [[ ! -f $dir/settings ]] || sed -n -e "s/^$name://p" -e '/^[A-Za-z_0-9]*=/p' "$dir/settings"
}

fleet_google() {
    cat <<END
GOOGLE_ADS_URL=$(fleet_url "$1" world)
GOOGLE_OAUTH_URL=$(fleet_url "$1" world)
GOOGLE_CLIENT_ID=demo-client
GOOGLE_CLIENT_SECRET=demo-client-secret
GOOGLE_REFRESH_TOKEN=demo-refresh-token
GOOGLE_DEVELOPER_TOKEN=demo-developer-token
END
}

# fleet_demo_days DIR: how long the demo's market has lived, to today in its zone. It begins a year
# before the first look at it and goes on from there, whenever it is started.
fleet_demo_days() {
    local first=$1/demo-first today
    today=$(TZ=EST5EDT,M3.2.0,M11.1.0 date +%F)
    [[ -s $first ]] || date -d "$today -365 days" +%F >"$first"
    echo $((($(date -ud "$today" +%s) - $(date -ud "$(<"$first")" +%s)) / 86400))
}

# fleet_person_key DIR: the file of the key that people are hashed with, made once.
fleet_person_key() {
    local file=$1/secrets/person.key
    [[ -s $file ]] || (umask 077 && head -c 32 /dev/urandom | base64 -w0 >"$file")
    echo "$file"
}

# fleet_own_environment DIR NAME: platforms are the world here, so their changes may be live.
fleet_own_environment() {
    local dir=$1 name=$2
    case $name in
    gateway) echo "API_PORT=$(port_of "$dir" api)" ;;
    audit-writer)
        echo "AUDIT_DIR=$dir/audit"
        if [[ -x $(fleet_bin)/aelp-witness ]]; then
            echo "WITNESS_URL=$(fleet_url "$dir" witness)"
            echo "WITNESS_VKEY=$("$(fleet_bin)/aelp-witness" vkey --dir "$dir/witness")"
        fi
        ;;
    budget-publisher)
        echo "AELP2_ALLOW_GOOGLE_MUTATIONS=1"
        fleet_google "$dir"
        ;;
    ingestor)
        echo "ARCHIVE_DIR=$dir/archive"
        echo "GA4_URL=$(fleet_url "$dir" world)"
        echo "SHOPIFY_URL=$(fleet_url "$dir" world)"
        echo "SHOPIFY_TOKEN=shpat_demo"
        echo "STRIPE_URL=$(fleet_url "$dir" world)"
        echo "STRIPE_KEY=sk_test_demo"
        echo "PERSON_KEY_FILE=$(fleet_person_key "$dir")"
        fleet_google "$dir"
        ;;
    world)
        if [[ $(basename "$dir") == main ]]; then
            echo "WORLD_PRESET=demo"
            echo "WORLD_HISTORY_DAYS=$(fleet_demo_days "$dir")"
        fi
        ;;
    slack-bridge)
        cat <<END
SLACK_URL=$(fleet_url "$dir" world)/api
SLACK_BOT_TOKEN=xoxb-demo-token
SLACK_SIGNING_SECRET=8f742231b10e8888abcd99yyyzzz85a5
SLACK_CHANNEL=C0GROWTH01
SLACK_PORT=$(port_of "$dir" slack)
PUBLIC_URL=$(fleet_url "$dir" api)
END
        ;;
    esac
}

# fleet_command DIR NAME: the words that run it, one a line. The witness cosigns a log whose key
# exists once the audit-writer has started.
fleet_command() {
    local dir=$1 name=$2
    if [[ $name != witness ]]; then
        echo "$(fleet_bin)/$name"
        return
    fi
    # shellcheck disable=SC2016 # the inner shell's arguments
    printf '%s\n' bash -c 'until [[ -s $1 ]]; do sleep 0.05; done; exec "${@:2}" --log-vkey "$(<"$1")"' \
        witness "$dir/audit/log.vkey" "$(fleet_bin)/aelp-witness" serve --dir "$dir/witness" \
        --port "$(port_of "$dir" witness)"
}

# fleet_outdated DIR NAME: it runs, but was built anew since.
fleet_outdated() {
    local pid
    pid=$(process_pid "$1/pids/$2")
    [[ $pid && $(readlink "/proc/$pid/exe") == *' (deleted)' ]]
}

# fleet_start DIR NAME [K=V...]: the settings given here hold until the next restart.
fleet_start() {
    local dir=$1 name=$2 environment command setting
    shift 2
    if fleet_outdated "$dir" "$name"; then
        process_stop "$dir" "$name"
    fi
    environment=$(fleet_environment "$dir" "$name")
    mapfile -t command < <(fleet_command "$dir" "$name")
    (
        while read -r setting; do
            export "${setting?}"
        done < <(printf '%s\n' "$environment" "$@")
        process_supervise "$dir" "$name" TERM "${command[@]}"
    )
}

# fleet_readiness DIR NAME: "ready", what it waits for, or "does not answer".
fleet_readiness() {
    local reply
    reply=$(curl --silent --max-time 2 --write-out '\n%{http_code}' \
        "$(fleet_url "$1" "$2")/readyz") || {
        echo "does not answer"
        return
    }
    if [[ ${reply##*$'\n'} == 200 ]]; then
        echo ready
    else
        head -1 <<<"$reply"
    fi
}

# fleet_ready DIR NAME: says the same, and succeeds when it is ready.
fleet_ready() {
    local readiness
    readiness=$(fleet_readiness "$1" "$2")
    echo "$readiness"
    [[ $readiness == ready ]]
}

fleet_wait() {
    process_wait "$1" "$2" fleet_ready "$1" "$2"
}
