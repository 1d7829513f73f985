#!/usr/bin/env bash
# bench: measures; each bench ends with one JSON line {bench, value, unit, baseline, ...}
#
#   ./aelp bench [NAME...]     (default: all; tests/bench/<name>/run)
set -euo pipefail
source "$ROOT/tools/launch/part/say.sh"
source "$ROOT/tools/launch/part/suites.sh"

names=("$@")
((${#names[@]})) || mapfile -t names < <(find "$ROOT/tests/bench" -name run -perm -u+x -printf '%P\n' |
    sed 's#/run$##' | sort)
for name in "${names[@]}"; do
    [[ $name =~ ^[a-z_-]+$ && -x $ROOT/tests/bench/$name/run ]] || die "bench: there is no bench '$name'"
done
"$ROOT/aelp" setup run build test bench
"$ROOT/aelp" build release
mkdir -p "$reports"
suites_packages
"$ROOT/aelp" instance sweep
code=0
for name in "${names[@]}"; do
    say "Bench $name"
    AELP2_BIN=$ROOT/build/release "$ROOT/tests/bench/$name/run" || code=1
done
exit $code
