# suites: runs tests and counts them. Every runner leaves a report in the run's own folder under
# build/reports; at the end tests/support/summary.mjs adds them up.
# shellcheck shell=bash

reports=${AELP2_REPORTS:-$ROOT/build/reports/$(date +%Y%m%d-%H%M%S)-$$}

# suites_begin: makes the run's folder; those older than a week go.
suites_begin() {
    mkdir -p "$reports"
    find "$ROOT/build/reports" -mindepth 1 -maxdepth 1 -mmin +10080 -exec rm -rf {} +
    suites_failed=''
}

# suites_targets SUITE: what it runs, to be built.
suites_targets() {
    local file of noun
    [[ $1 != debian13 ]] || return 0 # builds its own
    if [[ $1 != unit && $1 != unit:* ]]; then
        echo programs
        return
    fi
    for file in "$ROOT"/tests/unit/*/*_test.c; do
        of=$(basename "$(dirname "$file")") noun=$(basename "$file" _test.c)
        [[ $1 != unit && ! unit.$of.$noun =~ ${1#unit:} ]] || echo "unit_${of}_$noun"
    done
}

# suites_unit PRESET REGEX: cmocka through ctest; TAP inside the JUnit file names each test.
suites_unit() {
    say "Unit tests ($1)"
    CMOCKA_MESSAGE_OUTPUT=TAP ctest --test-dir "$ROOT/build/$1" --output-on-failure --parallel 2 \
        --test-output-size-passed 4194304 --test-output-size-failed 4194304 --no-tests=error --tests-regex "$2" \
        --output-junit "$reports/unit-$1.xml" | grep --line-buffered -v '^ *Start' || suites_failed=1
}

# suites_node NAME [FILE...]: tests/NAME/*_test.mjs, one file after the other, on instances of
# their own; by default every file of the suite.
suites_node() {
    local name=$1 files
    shift
    files=("$@")
    ((${#files[@]})) || mapfile -t files < <(
        find "$ROOT/tests/$name" -name node_modules -prune -o -name '*_test.mjs' -print | sort)
    ((${#files[@]})) || return 0
    echo "not ok 1 - $name (its packages could not be installed)" >"$reports/$name.tap"
    suites_packages
    [[ ! -f $ROOT/tests/$name/package.json ]] || suites_packages "$ROOT/tests/$name"
    rm "$reports/$name.tap"
    say "${name^} tests"
    (cd "$ROOT" && node --test --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$reports/node-$name.tap" \
        "${files[@]}") || suites_failed=1
}

# suites_packages [FOLDER]: the npm packages of its tests, only when the lock changed.
suites_packages() {
    local folder=${1:-$ROOT/tests} lock stamp
    stamp=$folder/node_modules/.aelp-lock
    lock=$(sha256sum <"$folder/package-lock.json")
    [[ -f $stamp && $(<"$stamp") == "$lock" ]] && return
    step "npm ci in ${folder#"$ROOT"/}" suites_npm_ci "$folder"
    echo "$lock" >"$stamp"
}

suites_npm_ci() {
    (cd "$1" && npm ci --ignore-scripts --no-progress >"$reports/npm.log" 2>&1) || {
        tail -5 "$reports/npm.log" >&2
        return 1
    }
}

# suites_end: the plain line, and failure when anything failed.
suites_end() {
    node "$ROOT/tests/support/summary.mjs" "$reports" && [[ -z $suites_failed ]]
}
