# nats: an instance's own nats-server: docker/nats.conf, users from the fleet table.
# shellcheck shell=bash

nats_start() {
    local dir=$1
    mkdir -p "$dir/nats"
    cp "$ROOT/docker/nats.conf" "$dir/nats/nats.conf"
    NATS_NAME=aelp-$(basename "$dir") NATS_HOST=127.0.0.1 NATS_PORT=$(port_of "$dir" nats) \
        NATS_MONITOR=127.0.0.1:$(port_of "$dir" nats_monitor) NATS_STORE=$dir/nats/store \
        process_supervise "$dir" nats TERM nats-server --config "$dir/nats/nats.conf"
}

nats_ready() {
    curl --silent --fail --output /dev/null --max-time 2 \
        "http://127.0.0.1:$(port_of "$1" nats_monitor)/healthz"
}

nats_wait() {
    process_wait "$1" nats nats_ready "$1"
}
