#!/usr/bin/env bash
# test: runs tests on real servers; ends with "N passed, N failed, N skipped"
#
#   ./aelp test                        everything short: unit integration attack chaos
#   ./aelp test SUITE|FILE...          some of: unit, unit:REGEX, integration, attack, chaos,
#                                      conformance, debian13, or tests/.../x_test.mjs
#   ./aelp test chaos [--sagas N] [--seed N]
#   ./aelp test fuzz [SECONDS]         every fuzz target, 60 s each by default
#   ./aelp test all                    the short ones, conformance, debian13
#
# debian13 builds and runs unit and integration tests in a Debian 13 root (needs root).
# AELP2_PRESET=asan runs the tests with that build; AELP2_KEEP=1 keeps the instances' folders.
# Reports lie in build/reports/<time>-<pid>, for a week.
set -euo pipefail
source "$ROOT/tools/launch/part/say.sh"
source "$ROOT/tools/launch/part/suites.sh"

short=(unit integration attack chaos)
preset=${AELP2_PRESET:-release}
export AELP2_BIN=$ROOT/build/$preset

wanted=() files=()
while (($#)); do
    case $1 in
    fuzz) exec "$ROOT/aelp" "$@" ;;
    all) wanted+=("${short[@]}" conformance debian13) ;;
    browser)
        [[ -d $ROOT/tests/browser ]] || {
            say "aelp: test: there are no browser tests yet"
            exit 2
        }
        wanted+=(browser)
        ;;
    unit | unit:* | integration | attack | chaos | conformance | debian13) wanted+=("$1") ;;
    --sagas | --seed)
        [[ ${2:-} =~ ^[0-9]+$ ]] || die "test: $1 needs a number"
        name=${1#--}
        export "AELP2_CHAOS_${name^^}=$2"
        shift
        ;;
    */*_test.mjs) files+=("$1") ;;
    *) die "test: there is no suite or file '$1' (see ./aelp test --help)" ;;
    esac
    shift
done
((${#wanted[@]} + ${#files[@]})) || wanted=("${short[@]}")

needs=(run build test)
[[ $preset == release || $preset == debug ]] || needs+=(check) # clang
"$ROOT/aelp" setup "${needs[@]}"
say "Build ($preset)"
mapfile -t targets < <(for suite in "${wanted[@]}" "${files[@]}"; do suites_targets "$suite"; done | sort -u)
"$ROOT/aelp" build "$preset" "${targets[@]}"
suites_begin
"$ROOT/aelp" instance sweep
for suite in "${wanted[@]}"; do
    case $suite in
    unit) suites_unit "$preset" . ;;
    unit:*) suites_unit "$preset" "${suite#unit:}" ;;
    debian13) AELP2_REPORTS=$reports bash "$ROOT/tools/launch/part/debian13.sh" || suites_failed=1 ;;
    *) suites_node "$suite" ;;
    esac
done
((${#files[@]} == 0)) || suites_node files "${files[@]}"
suites_end
