#!/usr/bin/env bash
# up: installs what is missing, builds, starts everything, and says what to do next
#
#   ./aelp up        Postgres, nats-server, the fleet and the world, under .run/main
set -euo pipefail
source "$ROOT/tools/launch/part/instance.sh"
source "$ROOT/tools/launch/part/demo.sh"

(($# == 0)) || die "up: what is '$1'?"
began=$(now_ms)
dir=$(instance_dir "${AELP2_INSTANCE:-main}")
say "AELP2"
"$ROOT/aelp" setup run build
if [[ -f $ROOT/build/release/build.ninja ]]; then say "Build"; else say "Build (the first takes some minutes)"; fi
"$ROOT/aelp" build release
instance_lock "$dir"
say "Start"
mapfile -t services < <(fleet_services)
instance_start "$dir" postgres nats world
[[ $(basename "$dir") != main ]] || step "people of the demo" demo_seed "$dir"
mapfile -t others < <(printf '%s\n' "${services[@]}" | grep -vx world)
instance_start "$dir" "${others[@]}"
[[ $(basename "$dir") != main ]] || step "budgets of the demo" demo_budgets "$dir"
[[ $(basename "$dir") != main ]] || demo_history "$dir"
took=$(($(now_ms) - began))
cat <<END

AELP2 is up ($((took / 1000)).$((took / 100 % 10)) s): ${#services[@]} services ready.

  API         http://127.0.0.1:$(port_of "$dir" api)/
  what runs   ./aelp status
  next        the first lines of README.md, "Try it"; ./aelp ctl help
  stop        ./aelp down
END
