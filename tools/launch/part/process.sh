# process: the processes of one instance, each under a supervising loop (supervise.sh).
#
# pids/<name> holds "pid start" of the process and pids/<name>.supervisor that of its loop;
# pids/<name>.exits the codes of its exits since it last lived for 10 s, a line each. A pid is ours only
# while /proc shows the same start time, so a reused number is never signalled.
# shellcheck shell=bash

# process_start_time PID: in clock ticks since boot; empty when there is no such process.
process_start_time() {
    local line
    [[ -r /proc/$1/stat ]] && { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
    line=${line##*) }
    # shellcheck disable=SC2086 # the fields are words
    set -- $line
    [[ $1 == Z ]] || echo "${20}"
}

# process_pid FILE: the pid in that file while it is alive and ours; empty otherwise.
process_pid() {
    local pid start
    [[ -r $1 ]] && read -r pid start <"$1" || return 0
    [[ $start && $(process_start_time "$pid") == "$start" ]] && echo "$pid"
    return 0
}

process_write() {
    local start
    start=$(process_start_time "$2")
    printf '%s %s\n' "$2" "$start" >"$1.new" && mv "$1.new" "$1"
}

# process_supervise DIR NAME STOP_SIGNAL COMMAND...: starts the loop, detached.
process_supervise() {
    local dir=$1 name=$2 began
    rm -f "$dir/pids/$name.exits"
    if [[ $(process_pid "$dir/pids/$name.supervisor") ]]; then
        return 0
    fi
    rm -f "$dir/pids/$name" "$dir/pids/$name.supervisor"
    setsid bash "$ROOT/tools/launch/part/supervise.sh" "$@" </dev/null >/dev/null 2>&1 8>&- 9>&- &
    disown
    began=$(now_ms)
    until [[ -s $dir/pids/$name && -s $dir/pids/$name.supervisor ]]; do
        (($(now_ms) - began < 5000)) || die "$name: its supervisor did not start"
        sleep 0.01
    done
}

# process_stop DIR NAME...: TERM to the loops, all at once, then waits for each; KILL after 20 s.
process_stop() {
    local dir=$1 name pid began
    shift
    for name in "$@"; do
        pid=$(process_pid "$dir/pids/$name.supervisor")
        [[ -z $pid ]] || kill -TERM "$pid" 2>/dev/null || true
    done
    began=$(now_ms)
    for name in "$@"; do
        while [[ $(process_pid "$dir/pids/$name.supervisor") ]]; do
            if (($(now_ms) - began > 20000)); then
                say "$name does not stop: killed"
                pid=$(process_pid "$dir/pids/$name")
                [[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null || true
                began=$(now_ms)
            fi
            sleep 0.02
        done
        rm -f "$dir/pids/$name" "$dir/pids/$name".{supervisor,exits}
    done
}

# process_keeps_exiting DIR NAME: five times since it was last asked to start; with the pauses between
# that is 1.5 s, in which a build that is under way ends.
process_keeps_exiting() {
    [[ -f $1/pids/$2.exits && $(wc -l <"$1/pids/$2.exits") -ge 5 ]]
}

# process_wait DIR NAME READY...: until READY succeeds; what it prints is the state. Gives up after
# 30 s, or at the fifth exit in a row; then its loop ends too, so that the next start is a new one.
process_wait() {
    local dir=$1 name=$2 began state log=$1/logs/$2.log
    shift 2
    began=$(now_ms)
    until state=$("$@"); do
        if process_keeps_exiting "$dir" "$name"; then
            process_stop "$dir" "$name"
            process_why "$log" >&2
            die "$name exits as soon as it starts (more in $log)"
        elif (($(now_ms) - began > 30000)); then
            tail -5 "$log" >&2
            die "$name is not ready after 30 s${state:+: $state} (more in $log)"
        fi
        sleep 0.02
    done
}

# process_why LOG: of what the process said in its last life, the errors; else what is not JSON,
# else the end.
process_why() {
    local last
    last=$(tail -400 "$1" | awk '
        /"msg":"exited, will be restarted"/ { last = life; life = ""; next }
        { life = life $0 "\n" }
        END { printf "%s", last }')
    grep -m 5 -E '"level":"error"|\[FTL\]' <<<"$last" ||
        grep -m 8 -E '^[^{]' <<<"$last" || tail -5 <<<"$last"
}

# process_kill DIR NAME SIGNAL: to the process itself; its loop starts it again.
process_kill() {
    local pid
    pid=$(process_pid "$1/pids/$2")
    [[ $pid ]] || die "$2 is not running"
    kill -s "$3" "$pid"
}
