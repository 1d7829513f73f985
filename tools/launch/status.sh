#!/usr/bin/env bash
# status: what runs, since when, what it waits for, how much memory it takes
#
#   ./aelp status        exit code 1 when something is not ready
set -euo pipefail
source "$ROOT/tools/launch/part/instance.sh"

dir=$(instance_dir "${AELP2_INSTANCE:-main}")
[[ -f $dir/ports ]] || die "nothing was started yet: ./aelp up"

# memory_mb PID: resident memory. Postgres is many processes that share most of theirs, so the
# proportional shares of the children are added.
memory_mb() {
    local pid
    {
        grep '^Rss:' "/proc/$1/smaps_rollup"
        for pid in $(ps -o pid= --ppid "$1"); do
            grep '^Pss:' "/proc/$pid/smaps_rollup"
        done
    } 2>/dev/null | awk '{sum += $2} END {printf "%.1f", sum / 1024}'
}

state_of() {
    case $1 in
    postgres)
        "$(postgres_bin)/pg_isready" -q -h "$(postgres_socket "$dir")" \
            -p "$(port_of "$dir" postgres)" && echo ready || echo "starting or recovering"
        ;;
    nats) nats_ready "$dir" && echo ready || echo "starting" ;;
    *) fleet_readiness "$dir" "$1" ;;
    esac
}

row() {
    local name=$1 pid state
    pid=$(process_pid "$dir/pids/$name")
    if [[ -z $pid ]]; then
        printf '%-20s %7s  %-19s %8s  %s\n' "$name" - - - down
        return 1
    fi
    state=$(state_of "$name")
    printf '%-20s %7s  %-19s %8s  %s\n' "$name" "$pid" \
        "$(date -d "$(ps -o lstart= -p "$pid")" '+%F %T')" "$(memory_mb "$pid")" "$state"
    [[ $state == ready ]]
}

mapfile -t services < <(fleet_services)
printf '%-20s %7s  %-19s %8s  %s\n' SERVICE PID "UP SINCE" "MB" STATE
code=0
for name in postgres nats "${services[@]}"; do
    row "$name" || code=1
done
exit $code
