#!/usr/bin/env bash
# supervise: DIR NAME STOP_SIGNAL COMMAND... keeps one process running until TERM, which it hands
# on as STOP_SIGNAL. Restarts back off from 0.1 s to 5 s, and start over after 10 s of health.
set -uo pipefail
source "$ROOT/tools/launch/part/process.sh"

dir=$1 name=$2 stop_signal=$3
shift 3
child='' stopping='' delay_ms=100

stop() {
    stopping=1
    [[ -z $child ]] || kill -s "$stop_signal" "$child" 2>/dev/null
}
trap stop TERM
exec >>"$dir/logs/$name.log" 2>&1
process_write "$dir/pids/$name.supervisor" $$

while [[ ! $stopping ]]; do
    began=$SECONDS
    "$@" &
    child=$!
    process_write "$dir/pids/$name" "$child"
    [[ ! $stopping ]] || stop
    while wait "$child"; code=$?; [[ $(process_start_time "$child") ]]; do :; done
    child=''
    [[ ! $stopping ]] || break
    printf '{"time":"%(%Y-%m-%dT%H:%M:%S%z)T","level":"warn","service":"%s","msg":"exited, will be restarted","code":%d,"delay_ms":%d}\n' \
        -1 "$name" "$code" "$delay_ms"
    unset AELP2_FAILPOINT # each failpoint crashes once
    if ((SECONDS - began >= 10)); then
        delay_ms=100
        rm -f "$dir/pids/$name.exits"
    fi
    echo "$code" >>"$dir/pids/$name.exits"
    sleep "$((delay_ms / 1000)).$(printf '%03d' $((delay_ms % 1000)))" &
    wait $!
    delay_ms=$((delay_ms * 2 > 5000 ? 5000 : delay_ms * 2))
done
