#!/usr/bin/env bash
# build: compiles into build/<preset>, only what changed
#
#   ./aelp build [PRESET] [TARGET...]     (default: release; others: debug clang asan tsan fuzz)
set -euo pipefail
source "$ROOT/tools/launch/part/say.sh"

preset=${1:-release}
shift || true
cd "$ROOT"
mkdir -p "build/$preset"
exec 9>"build/$preset/.launch-lock"
flock 9
if [[ ! -f build/$preset/build.ninja ]]; then
    cmake --preset "$preset" >"build/$preset/configure.log" 2>&1 || {
        tail -20 "build/$preset/configure.log" >&2
        die "build: cmake could not configure $preset"
    }
fi
# Nothing to do is the usual case, and then silent.
NINJA_STATUS='  [%f/%t] ' ninja -C "build/$preset" "$@" |
    { grep -v -e '^ninja: no work to do' -e '^ninja: Entering' || true; } >&2
