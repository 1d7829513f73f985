#!/usr/bin/env bash
# status: what runs, since when, what it waits for, how much memory it takes
#
#   ./aelp status        exit code 1 when something is not ready
set -euo pipefail
source "$ROOT/tools/launch/part/instance.sh"

(($# == 0)) || die "status: what is '$1'?"
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
        local code=0
        postgres_ready "$dir" || code=$?
        case $code in
        0) echo ready ;;
        1) echo "starting or recovering" ;;
        *) echo "does not answer" ;;
        esac
        ;;
    nats) nats_ready "$dir" && echo ready || echo "does not answer" ;;
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

# control_level: run, stop or freeze, as the database would answer for everything; empty when it
# can't be asked.
control_level() {
    PGCONNECT_TIMEOUT=3 PGOPTIONS="-c statement_timeout=3s" postgres_psql "$dir" \
        --tuples-only --no-align -c "SELECT saga._level('{}', '*')" 2>/dev/null || true
}

mapfile -t services < <(fleet_services)
printf '%-20s %7s  %-19s %8s  %s\n' SERVICE PID "UP SINCE" "MB" STATE
code=0
for name in postgres nats "${services[@]}"; do
    row "$name" || code=1
done
level=$([[ ! $(process_pid "$dir/pids/postgres") ]] || control_level)
case $level in
stop | freeze)
    printf '\nThe kill switch is on: %s. Two people resume: ./aelp ctl --as NAME resume\n' "$level"
    ;;
esac
exit $code
