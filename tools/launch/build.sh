#!/usr/bin/env bash
# build: compiles into build/<preset>, only what changed
#
#   ./aelp build [PRESET] [TARGET...]     (default: release; others: debug clang asan tsan fuzz)
set -euo pipefail
source "$ROOT/tools/launch/part/say.sh"

preset=${1:-release}
shift || true
cd "$ROOT"
presets=$(sed -nE 's/.*"name": "([a-z]+)", "inherits".*/\1/p' CMakePresets.json)
grep -qxF -e "$preset" <<<"$presets" ||
    die "build: there is no preset '$preset' (there are: ${presets//$'\n'/ })"
mkdir -p "build/$preset"
exec 9>"build/$preset/.launch-lock"
flock 9
if [[ ! -f build/$preset/build.ninja ]]; then
    cmake --preset "$preset" >"build/$preset/configure.log" 2>&1 || {
        tail -20 "build/$preset/configure.log" >&2
        die "build: cmake could not configure $preset"
    }
fi
# Progress is one line that moves on a terminal; elsewhere one line each ten seconds.
progress() {
    local line moved='' said=$SECONDS
    while IFS= read -r line; do
        case $line in
        "ninja: Entering"*) continue ;;
        "ninja: no work"*) line="  build/$preset is up to date" ;;
        "  ["*)
            if [[ -t 2 ]]; then
                printf '\r\033[K%.78s' "$line" >&2
                moved=1
            elif ((SECONDS - said >= 10)); then
                say "${line:0:78}"
                said=$SECONDS
            fi
            continue
            ;;
        esac
        [[ -z $moved ]] || printf '\r\033[K' >&2
        moved=''
        say "$line"
    done
    [[ -z $moved ]] || printf '\r\033[K' >&2
}
NINJA_STATUS='  [%f/%t] ' ninja -C "build/$preset" "$@" 2>&1 | progress
