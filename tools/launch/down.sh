#!/usr/bin/env bash
# down: stops what ./aelp up started; the data stays
#
#   ./aelp down                 ./aelp up goes on where it was; only the world begins anew
#   ./aelp down --forget        deletes the instance's data as well
set -euo pipefail
source "$ROOT/tools/launch/part/instance.sh"

name=${AELP2_INSTANCE:-main}
dir=$(instance_dir "$name")
case ${1:-} in
"") ;;
--forget)
    "$ROOT/aelp" instance destroy "$name"
    say "Stopped and forgotten."
    exit 0
    ;;
*) die "down: what is '$1'?" ;;
esac
if [[ ! -d $dir/pids || -z $(instance_running "$dir") ]]; then
    say "Nothing runs."
    exit 0
fi
step "Stop" instance_stop "$dir"
