# say: what a person sees while the launcher works. Progress goes to stderr, results to stdout.

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

# step TEXT COMMAND...: runs the command; one line, with its time when it took a while.
step() {
    local text=$1 began took
    shift
    began=$(now_ms)
    [[ ${AELP2_QUIET:-} ]] || printf '  %-46s' "$text" >&2
    if "$@"; then
        took=$(($(now_ms) - began))
        [[ ${AELP2_QUIET:-} ]] || printf 'ok   %d.%d s\n' $((took / 1000)) $((took / 100 % 10)) >&2
    else
        [[ ${AELP2_QUIET:-} ]] && printf '  %-46s' "$text" >&2
        printf 'failed\n' >&2
        return 1
    fi
}
