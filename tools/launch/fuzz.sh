#!/usr/bin/env bash
# fuzz: builds the libFuzzer targets and runs each for a while
#
#   ./aelp fuzz [SECONDS] [TARGET...]     (default: 60 s, every target)
#
# Corpora are kept in tests/fuzz/corpus/<target>; inputs that broke something in build/fuzz/crashes.
set -euo pipefail
source "$ROOT/tools/launch/part/say.sh"
source "$ROOT/tools/launch/part/suites.sh"

seconds=${1:-60}
[[ $seconds =~ ^[0-9]+$ ]] || die "fuzz: '$seconds' is not a number of seconds"
shift || true
"$ROOT/aelp" setup build check
"$ROOT/aelp" build fuzz
suites_begin
mkdir -p "$ROOT/build/fuzz/crashes"

targets=("$@")
((${#targets[@]})) || mapfile -t targets < <(cd "$ROOT/tests/fuzz" && basename -as _fuzz.c ./*_fuzz.c)

# fuzz_one TARGET: new inputs go into a folder of the build; the kept corpus is read only.
fuzz_one() {
    local target=$1 found=$ROOT/build/fuzz/corpus/$1 kept=$ROOT/tests/fuzz/corpus/$1
    mkdir -p "$found" "$kept"
    "$ROOT/build/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$ROOT/build/fuzz/crashes/$target-" \
        "$found" "$kept" >"$reports/fuzz-$target.log" 2>&1
}

run_target() {
    local target=$1 runs
    if fuzz_one "$target"; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$reports/fuzz-$target.log")
        echo "ok 1 - fuzz $target ($runs runs)" >>"$reports/fuzz.tap"
        say "  $target: ok, $runs runs"
    else
        echo "not ok 1 - fuzz $target" >>"$reports/fuzz.tap"
        say "  $target: failed"
        tail -20 "$reports/fuzz-$target.log" >&2
    fi
}

say "Fuzz: ${#targets[@]} targets, $seconds s each, two at a time"
for ((i = 0; i < ${#targets[@]}; i++)); do
    run_target "${targets[i]}" &
    ((i % 2 == 0)) || wait
done
wait
suites_end
