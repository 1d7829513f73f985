#!/usr/bin/env bash
# test: runs tests on real servers; ends with "N passed, N failed, N skipped"
#
#   ./aelp test                        everything short: unit, integration, attack, chaos, browser
#   ./aelp test unit [REGEX]           cmocka through ctest
#   ./aelp test integration|attack|browser|conformance [FILE...]
#   ./aelp test chaos [--sagas N] [--seed N]
#   ./aelp test fuzz [SECONDS]         every fuzz target, 60 s each by default
#   ./aelp test debian13               unit and integration in a Debian 13 root (needs root)
#   ./aelp test all                    short ones, conformance, debian13
#
# AELP2_PRESET=asan runs them with that build; AELP2_KEEP=1 keeps the instances' folders.
set -euo pipefail
source "$ROOT/tools/launch/part/say.sh"
source "$ROOT/tools/launch/part/suites.sh"

preset=${AELP2_PRESET:-release}
export AELP2_BIN=$ROOT/build/$preset
which=${1:-short}
shift || true

case $which in
fuzz) exec "$ROOT/aelp" fuzz "$@" ;;
debian13) exec bash "$ROOT/tools/launch/part/debian13.sh" ;;
short | all | unit | integration | attack | chaos | browser | conformance) ;;
*) die "test: there is no suite '$which' (see ./aelp test --help)" ;;
esac

needs=(run build test)
[[ $preset == release || $preset == debug ]] || needs+=(check) # clang
"$ROOT/aelp" setup "${needs[@]}"
say "Build ($preset)"
"$ROOT/aelp" build "$preset"
suites_begin
case $which in
unit) suites_unit "$preset" "$@" ;;
short | all)
    suites_unit "$preset"
    for suite in integration attack chaos browser; do
        suites_node "$suite"
    done
    ;;
chaos)
    while (($#)); do
        case $1 in
        --sagas) export AELP2_CHAOS_SAGAS=$2 ;;
        --seed) export AELP2_CHAOS_SEED=$2 ;;
        *) die "test chaos: what is '$1'?" ;;
        esac
        shift 2 || die "test chaos: '$1' needs a number"
    done
    suites_node chaos
    ;;
*) suites_node "$which" "$@" ;;
esac
if [[ $which == all ]]; then
    suites_node conformance
    bash "$ROOT/tools/launch/part/debian13.sh" | tee "$reports/debian13.tap"
fi
suites_end
