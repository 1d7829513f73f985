#!/usr/bin/env bash
# ctl: aelpctl with this instance's settings (proposals, audit, kill, resume, people, dead)
#
#   ./aelp ctl proposals list
#   ./aelp ctl --as ben proposals approve ID     as ben; without --as you are ana
#   ./aelp ctl COMMAND --help
set -euo pipefail
source "$ROOT/tools/launch/part/instance.sh"
source "$ROOT/tools/launch/part/demo.sh"

dir=$(instance_dir "${AELP2_INSTANCE:-main}")
person=ana
if [[ ${1:-} == --as ]]; then
    [[ ${2:-} ]] || die "ctl: --as needs a name: ./aelp ctl --as ben whoami"
    person=$2
    shift 2
    [[ -f $dir/secrets/tokens/$person ]] ||
        die "ctl: there is no token of '$person' in $dir/secrets/tokens (the demo's people: ${demo_people[*]})"
fi
[[ -x $(fleet_bin)/aelpctl ]] || die "ctl: aelpctl is not built yet: ./aelp build"
[[ ! -f $dir/ports ]] || demo_environment "$dir" "$person" # offline commands do without an instance
exec "$(fleet_bin)/aelpctl" "$@"
