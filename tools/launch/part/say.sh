# say: what a person sees while the launcher works. Progress goes to stderr, results to stdout.
# shellcheck shell=bash

say() {
    printf '%s\n' "$*" >&2
}

die() {
    printf 'aelp: %s\n' "$*" >&2
    exit 1
}

now_ms() {
    local now=$EPOCHREALTIME
    echo $((${now/[.,]/} / 1000))
}

# step TEXT COMMAND...: one line of progress, with the command's time. Not in an `if`: bash would
# then ignore failures inside the command. A failure ends the launcher, here with "failed".
step() {
    local text=$1 began took
    shift
    if [[ ${AELP2_QUIET:-} ]]; then
        "$@"
        return
    fi
    began=$(now_ms)
    printf '  %-40s' "$text" >&2
    step_open=1
    "$@"
    step_open=''
    took=$(($(now_ms) - began))
    printf 'ok  %3d.%d s\n' $((took / 1000)) $((took / 100 % 10)) >&2
}

step_open=''
trap '[[ -z $step_open ]] || echo "  failed" >&2' EXIT
trap 'exit 130' INT # also when the command at work takes Ctrl-C for its own
shopt -s inherit_errexit
