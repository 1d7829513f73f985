#!/usr/bin/env bash
# ctl: aelpctl with this instance's settings (proposals, audit, kill, resume, people, dead)
#
#   ./aelp ctl proposals list
#   ./aelp ctl COMMAND --help
set -euo pipefail
source "$ROOT/tools/launch/part/instance.sh"

dir=$(instance_dir "${AELP2_INSTANCE:-main}")
[[ -x $(fleet_bin)/aelpctl ]] || die "ctl: aelpctl is not built yet: ./aelp build"
if [[ -f $dir/ports ]]; then # offline commands do without an instance
    AELP2_URL=http://127.0.0.1:$(port_of "$dir" api)
    NATS_URL=nats://127.0.0.1:$(port_of "$dir" nats)
    export AELP2_URL NATS_URL AELP2_SECRETS=$dir/secrets AELP2_RUN=$dir
fi
exec "$(fleet_bin)/aelpctl" "$@"
