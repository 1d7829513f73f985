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
ldd "$image"/bin/* | awk '$2 == "=>" {sub(/.*\//, "", $1); print "*/" $1}' | sort -u |
    xargs dpkg-query --search | sed 's/:.*//' | sort -u >"$image/packages"
