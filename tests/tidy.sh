#!/usr/bin/env bash
# tidy: the rules of the house that a program can check. Prints file:line: rule: what, and fails.
#
# The DAG is read from the rows in CMakeLists.txt, sizes from libcommon/README.md. Exceptions lie in
# tests/tidy/*.txt; each may shrink or go, never grow.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT

files() {
    git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
        [[ ! -f $file ]] || echo "$file"
    done
}
mapfile -t c_files < <(files 'libcommon/*.[ch]' 'services/*.[ch]' 'tools/*.[ch]' 'tests/*.[ch]')
mapfile -t shell_files < <(files aelp .ci/run '*.sh' && files 'tests/bench/*/run')
mapfile -t all_files < <(files aelp .ci/run '*.[ch]' '*.sh' '*.mjs' '*.ts' '*.tsx' '*.css' '*.sql' '*.proto' '*.cmake')

# report RULE: stdin is "file:line: what" lines.
report() {
    sed "s~^\([^:]*:[0-9]*:\) *~\1 $1: ~" >>"$failures"
}

# Lines of code without those that are only comment.
code_lines() {
    grep -nHE "$1" "${@:2}" | grep -vE '^[^:]+:[0-9]+: *(/\*|\*|//)'
}

includes() {
    awk -f tests/tidy/includes.awk CMakeLists.txt "${c_files[@]}" | report "DAG"
}

banned() {
    code_lines '\b(strcpy|strcat|sprintf|vsprintf|strtok|gmtime|atoi|gets|strncpy)[ ]*\(' "${c_files[@]}" |
        report "banned call (style 2.12)"
    code_lines '\b(malloc|calloc|realloc|free|strdup|strndup|asprintf|vasprintf)[ ]*\(' "${c_files[@]}" |
        grep -v '^libcommon/base/mem\.c:' | report "memory outside mem.c"
    code_lines '\bnatsSubscription_Fetch[ ]*\(' "${c_files[@]}" | report "overflows the heap in libnats 3.4.1"
}

# In a service only its shell does I/O or asks the time: main, store, handlers, on_<subject>, and
# the files of tests/tidy/shell.txt.
cores() {
    local core=()
    mapfile -t core < <(printf '%s\n' "${c_files[@]}" | grep '^services/' |
        grep -vE '/(main|store|handlers|on_[a-z_]+)\.[ch]$' | grep -vxF -f <(cut -d' ' -f1 tests/tidy/shell.txt))
    ((${#core[@]})) || return 0
    grep -nHE '^#include ([<"](libpq-fe|nats|time|uv|curl/curl|sys/socket)\.h[>"]|"(db|bus|http_client)\.h")' \
        "${core[@]}" | report "I/O or clock in a core file (list it in tests/tidy/shell.txt if it is shell)"
}

# Each archive has a row in libcommon/README.md, and keeps to its size.
archives() {
    local folder name max lines
    for folder in libcommon/*/; do
        name=$(basename "$folder")
        max=$(sed -nE "s/^\| *\`?$name\`? *\|.*\| *([0-9]+) *\|$/\1/p" libcommon/README.md 2>/dev/null)
        lines=$(find "$folder" -name '*.[ch]' -exec cat {} + | wc -l)
        if [[ -z $max ]]; then
            echo "libcommon/README.md:1: no row for the archive $name"
        elif ((lines > max)); then
            echo "libcommon/README.md:1: $name has $lines lines, its row allows $max"
        fi
    done | report "archive"
}

sizes() {
    awk -f tests/tidy/sizes.awk tests/tidy/long.txt "${all_files[@]}" | report "size"
}

heads() {
    local file
    for file in "${c_files[@]}"; do
        [[ $(head -c 2 "$file") == '/*' || ($file == *.c && -f ${file%.c}.h) ]] ||
            echo "$file:1: no comment says what this file is for"
    done | report "head"
}

services() {
    local folder file
    for folder in services/*/; do
        for file in README.md main.c; do
            [[ -f $folder$file ]] || echo "$folder$file:1: missing"
        done
        file=$(basename "$folder")
        grep -q "^  $file:$" compose.yaml || echo "compose.yaml:1: $file is missing"
        [[ $file == world || -f k8s/base/$file.yaml ]] || echo "k8s/base/$file.yaml:1: missing"
    done | report "service form (style 2.1)"
}

unfinished() {
    grep -nHE '\b(TODO|FIXME|XXX|HACK)\b' "${all_files[@]}" | grep -vE '#[0-9]+' |
        grep -vE '^tests/tidy(\.sh|/)' | report "unfinished, without an issue number"
}

formats() {
    if ! command -v clang-format >/dev/null; then
        echo "tidy: skipped: clang-format is not installed"
        return
    fi
    printf '%s\0' "${c_files[@]}" | xargs -0 -P 2 -n 16 bash tests/tidy/format.sh | report "format"
}

scripts() {
    local file
    for file in "${shell_files[@]}"; do
        head -1 "$file" | grep -q 'python\|node' || bash -n "$file" 2>&1 | sed "s#^.*line \([0-9]*\): #$file:\1: #"
    done | report "syntax"
    if command -v shellcheck >/dev/null; then
        shellcheck --format=gcc "${shell_files[@]}" | report "shellcheck"
    else
        echo "tidy: skipped: shellcheck is not installed"
    fi
    while read -r file; do
        node -e 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))' "$file" 2>/dev/null ||
            echo "$file:1: not JSON"
    done < <(files '*.json') | report "syntax"
    if /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
        files '*.yaml' '*.yml' | /usr/bin/python3 tests/tidy/yaml_check.py | report "syntax"
    else
        echo "tidy: skipped: python3-yaml is not installed"
    fi
}

for check in includes banned cores archives sizes heads services unfinished formats scripts; do
    "$check"
done
sort -u "$failures"
count=$(sort -u "$failures" | wc -l)
if ((count)); then
    echo "tidy: $count to mend"
    exit 1
fi
echo "tidy: clean, ${#c_files[@]} C files, ${#shell_files[@]} scripts"
