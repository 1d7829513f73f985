#!/usr/bin/env bash
# ctl: aelpctl with this instance's settings (proposals, kill, calendar, people, audit, ...)
#
#   ./aelp ctl proposals list
#   ./aelp ctl --as ben proposals approve ID     as ben; without --as you are ana
#   ./aelp ctl help                             all commands
#   ./aelp ctl COMMAND --help                   what it does, and its flags
set -euo pipefail
source "$ROOT/tools/launch/part/instance.sh"
source "$ROOT/tools/launch/part/demo.sh"

dir=$(instance_dir "${AELP2_INSTANCE:-main}")
person=ana
typed="./aelp ctl"
words=()
while (($#)); do
    case $1 in
    --as)
        person=${2:-}
        shift
        ;;
    --as=*) person=${1#*=} ;;
    *) words+=("$1") ;;
    esac
    shift || die "ctl: --as needs a name: ./aelp ctl --as ben whoami"
    [[ $person == ana || -f $dir/secrets/tokens/$person ]] ||
        die "ctl: there is no token of '$person' in $dir/secrets/tokens (the demo's people: ${demo_people[*]})"
done
[[ $person == ana ]] || typed+=" --as $person"
[[ -x $(fleet_bin)/aelpctl ]] || die "ctl: nothing is built yet: ./aelp up"
[[ ! -f $dir/ports ]] || demo_environment "$dir" "$person" # offline commands do without an instance
AELP2_COMMAND=$typed exec "$(fleet_bin)/aelpctl" "${words[@]}"
