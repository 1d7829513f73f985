#!/usr/bin/env bash
# format: names the files that clang-format would change. clang-format 14 can crash on uneven
# nested initializers; then the batch is gone through one by one, and the file that does it named.
set -uo pipefail

unformatted() {
    local said code
    said=$(clang-format --dry-run -Werror "$@" 2>&1)
    code=$?
    grep -o '^[^ :]*:[0-9]*:' <<<"$said" | sort -u -t: -k1,1 | sed 's/$/ run clang-format -i/'
    return $((code >= 128))
}

unformatted "$@" && exit
for file in "$@"; do
    unformatted "$file" || echo "$file:1: clang-format crashes on this file: even out its initializers"
done
