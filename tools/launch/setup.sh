#!/usr/bin/env bash
# setup: installs what is missing from the distribution's packages
#
#   ./aelp setup [run] [build] [test] [check] [bench] [debian13]     (default: run build)
#
# Says what it will install before it does; needs root or sudo only when something is missing.
# System services that the packages bring (Postgres, nats-server, nginx) are neither started nor
# enabled: AELP2 runs its own, under .run/.
set -euo pipefail
source "$ROOT/tools/launch/part/say.sh"
source "$ROOT/tools/launch/part/packages.sh"

needs=("$@")
((${#needs[@]})) || needs=(run build)

# missing_of NEED...: the packages that are neither installed nor stood in for by a command.
missing_of() {
    local need row wanted=() installed
    for need in "$@"; do
        [[ $(type -t "packages_$need") == function ]] || die "setup: there is no need '$need'"
        for row in $("packages_$need"); do
            [[ $row == *:* ]] && command -v "${row#*:}" >/dev/null || wanted+=("${row%%:*}")
        done
    done
    ((${#wanted[@]})) || return 0
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true)
    installed=$(sed -n 's/ installed$//p' <<<"$installed")
    printf '%s\n' "${wanted[@]}" | grep -vxF -e "${installed:-none}" | sort -u || true
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "setup: needs root or sudo to install: ${missing[*]}"
    fi
}

# Runs as root. While the packages unpack, no service may start (policy-rc.d) and no cluster be made.
install_quietly() {
    cat <<'END'
set -eu
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.d/aelp.conf
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
if ! dpkg-query -W postgresql-common >/dev/null 2>&1; then
    mkdir -p "${cluster%/*}"
    echo 'create_main_cluster = false' >"$cluster"
fi
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 "$@"; }
ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || apt-get update -q
install "$@" || { apt-get update -q && install "$@"; }
for unit in nats-server nginx; do
    case " $* " in *" $unit"*) systemctl disable --now "$unit" >/dev/null 2>&1 || true ;; esac
done
END
}

if ! command -v dpkg-query >/dev/null; then
    die "setup: only Debian and its kin are known here; install what tools/launch/part/packages.sh lists"
fi
names=$(missing_of "${needs[@]}")
[[ $names ]] || exit 0
mapfile -t missing <<<"$names"

say "Installing from the distribution: ${missing[*]}"
log=$(mktemp)
if ! as_root sh -c "$(install_quietly)" setup "${missing[@]}" >"$log" 2>&1; then
    tail -20 "$log" >&2
    die "setup: the installation failed (whole log: $log)"
fi
rm "$log"
names=$(missing_of "${needs[@]}")
[[ -z $names ]] || die "setup: still missing: ${names//$'\n'/ }"
