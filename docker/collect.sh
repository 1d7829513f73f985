#!/usr/bin/env bash
# collect: what the image takes from a build: DIR/bin the programs, DIR/share the SQL files and
# nats.conf, DIR/packages the Debian packages of the libraries they are linked with.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
image=$1

mkdir -p "$image/bin" "$image/share"
for main in services/*/main.c tools/*/main.c; do
    install -s "build/release/$(basename "$(dirname "$main")")" "$image/bin"
done
find libcommon services -name '*.sql' -exec cp --parents -t "$image/share" {} +
cp --parents docker/nats.conf "$image/share"
# A folder and a name, because ldd and dpkg write the way there differently.
ldd "$image"/bin/* | sed -nE 's#.* => .*(/[^/]+/[^/ ]+) .*#*\1#p' | sort -u |
    xargs dpkg-query --search | sed 's/:.*//' | sort -u >"$image/packages"
