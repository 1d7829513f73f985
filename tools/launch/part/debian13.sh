#!/usr/bin/env bash
# debian13: unit and integration tests in a Debian 13 root (libnats 3.10, nats-server 2.10,
# Postgres 17), made once by debootstrap under .run/debian13. Its reports are added to the others.
# shellcheck disable=SC2016,SC2317 # inner shells expand; skip leaves
set -euo pipefail
source "$ROOT/tools/launch/part/say.sh"
source "$ROOT/tools/launch/part/suites.sh"

base=$ROOT/.run/debian13
tree=$base/root

skip() {
    say "Debian 13: skipped: $*"
    echo "ok 1 - debian13 # SKIP $*" >"$reports/debian13.tap"
    exit 0
}

((EUID == 0)) || skip "needs root for chroot"
if ! command -v debootstrap >/dev/null; then
    "$ROOT/aelp" setup debian13 || skip "debootstrap is not available"
fi

# The mirror this machine already uses, so that nothing is configured twice.
mirror() {
    sed -nE 's/^(deb( \[[^]]*\])?|URIs:) +(http[^ ]+).*/\3/p' /etc/apt/sources.list \
        /etc/apt/sources.list.d/* 2>/dev/null | grep -v security | head -1
}

make_root() {
    rm -rf "$tree.new"
    debootstrap --variant=minbase --include=ca-certificates,procps trixie "$tree.new" "$(mirror)" \
        >"$base/debootstrap.log" 2>&1 || {
        tail -3 "$base/debootstrap.log" >&2
        return 1
    }
    cp -a /etc/apt/apt.conf.d/. "$tree.new/etc/apt/apt.conf.d/"
    mv "$tree.new" "$tree"
}

# Mounts live in a namespace of their own and end with it, whatever happens. The tree becomes that
# namespace's root, not a chroot: in a chroot nobody may make the user namespace Postgres runs in.
inside() {
    unshare --mount --propagation private bash -euc '
        mount --bind "$1" "$1"
        cd "$1"
        mount --bind "$ROOT" aelp
        mount --bind "$2" aelp/build
        mkdir -p aelp/build/outside .outside
        mount --bind "$3" aelp/build/outside
        mount -t tmpfs tmpfs aelp/.run
        mount --rbind /dev dev
        mount -t proc proc proc
        shift 3
        pivot_root . .outside
        exec chroot . bash -euc "umount --lazy /.outside; exec \"\$@\"" inside "$@"' \
        inside "$tree" "$base/build" "$reports" "$@"
}

mkdir -p "$base/build"
exec 6>"$base/lock"
flock --nonblock 6 || {
    say "Another run is in the Debian 13 root; waiting for it"
    flock 6
}
if [[ ! -d $tree ]]; then
    say "Making a Debian 13 root (once)"
    step "debootstrap" make_root || skip "debootstrap failed: $(tail -1 "$base/debootstrap.log")"
fi
mkdir -p "$tree/aelp" "$ROOT/build"
suites_packages # the registry's settings are this machine's
say "Debian 13: build, unit and integration tests"
code=0
inside /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 bash -c '
    cd /aelp
    code=0
    rm -rf build/reports
    ./aelp test unit integration || code=1
    for file in build/reports/*/*.xml build/reports/*/*.tap; do
        [[ ! -f $file ]] || cp "$file" "build/outside/debian13-${file##*/}"
    done
    exit $code' | sed -u 's/^[0-9]* passed,/Debian 13: &/' || code=1
compgen -G "$reports/debian13-*" >/dev/null || echo "not ok 1 - debian13 (nothing ran)" >"$reports/debian13.tap"
exit $code
