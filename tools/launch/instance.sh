#!/usr/bin/env bash
# instance: starts, stops and breaks one whole AELP2 under .run/<name> (tests have their own)
#
#   ./aelp instance start NAME [--only postgres,nats,svc,...] [--env [svc:]K=V]...
#   ./aelp instance stop NAME               keeps its data
#   ./aelp instance destroy NAME            and forgets it
#   ./aelp instance info NAME               one JSON line: ports, urls, folders
#   ./aelp instance list
#   ./aelp instance sweep                  destroys what killed tests and benches left running
#   ./aelp instance kill NAME SERVICE [-9]  it is started again by its supervisor
#   ./aelp instance halt NAME SERVICE       stops one service, and leaves it stopped
#   ./aelp instance restart NAME SERVICE [--env K=V]...
#   ./aelp instance psql NAME [ARGUMENT...] as the superuser, over the socket
set -euo pipefail
source "$ROOT/tools/launch/part/instance.sh"

start() {
    local dir=$1 only='' settings=() names
    shift
    while (($#)); do
        case $1 in
        --only) only=$2 ;;
        --env) settings+=("$2") ;;
        *) die "instance start: what is '$1'?" ;;
        esac
        shift 2 || die "instance start: '$1' needs a value"
    done
    instance_lock "$dir"
    ((${#settings[@]} == 0)) || printf '%s\n' "${settings[@]}" >"$dir/settings"
    if [[ $only ]]; then
        IFS=, read -ra names <<<"$only"
    else
        mapfile -t names < <(printf 'postgres\nnats\n' && fleet_services)
    fi
    instance_start "$dir" "${names[@]}"
    instance_info "$dir"
}

# The instance's folder is only removed when it is one of ours and nothing of it runs.
destroy() {
    local dir=$1
    instance_stop "$dir"
    [[ ! -L $(postgres_socket "$dir") ]] || rm "$(postgres_socket "$dir")"
    rm -rf -- "${dir:?}"
}

# The names that tests and benches give end in their pid. What was stopped and kept stays.
sweep() {
    local dir name
    for dir in "$ROOT"/.run/*; do
        name=${dir##*/}
        [[ $name =~ ^(test|bench-[a-z_-]+)-([0-9]+)(-[0-9]+)?$ && -n $(instance_running "$dir") ]] || continue
        [[ -d /proc/${BASH_REMATCH[2]} ]] || destroy "$dir"
    done
}

restart() {
    local dir=$1 name=$2 settings=()
    shift 2
    while (($#)); do
        [[ $1 == --env && $# -ge 2 ]] || die "instance restart: what is '$1'?"
        settings+=("$2")
        shift 2
    done
    process_stop "$dir" "$name"
    case $name in
    postgres)
        postgres_start "$dir"
        postgres_wait "$dir"
        ;;
    nats)
        nats_start "$dir"
        nats_wait "$dir"
        ;;
    *)
        fleet_start "$dir" "$name" "${settings[@]}"
        fleet_wait "$dir" "$name"
        ;;
    esac
}

verb=${1:-}
if [[ $verb == list ]]; then
    for ports in "$ROOT"/.run/*/ports; do
        [[ ! -f $ports ]] || basename "$(dirname "$ports")"
    done
    exit 0
elif [[ $verb == sweep ]]; then
    sweep
    exit 0
fi
[[ $# -ge 2 ]] || die "instance VERB NAME: see ./aelp instance --help"
dir=$(instance_dir "$2")
shift 2
[[ $verb == start || $verb == destroy || -f $dir/ports ]] || die "there is no instance '$(basename "$dir")'"
case $verb in
start) AELP2_QUIET=1 start "$dir" "$@" ;;
stop) instance_stop "$dir" ;;
destroy) [[ ! -d $dir ]] || destroy "$dir" ;;
info) instance_info "$dir" ;;
kill) process_kill "$dir" "$1" "$(tr -d - <<<"${2:-TERM}")" ;;
halt) process_stop "$dir" "$1" ;;
restart) restart "$dir" "$@" ;;
psql) postgres_psql "$dir" "$@" ;;
*) die "instance: there is no '$verb' (see ./aelp instance --help)" ;;
esac
