# demo: who and what the tour of the instance "main" needs: three people with their tokens, the
# world's account, and the word to go on. Run again it changes nothing.
#
# ana proposes (and may approve what others propose), ben and cleo approve and operate.
# shellcheck shell=bash

demo_people=(ana ben cleo)
declare -A demo_roles=([ana]="proposer approver" [ben]="approver operator" [cleo]="approver operator")
demo_sources=(google/1234567890 ga4/123 shopify/demo)
declare -A demo_slack=([ana]=U0ALICE001 [ben]=U0BOB00001 [cleo]=U0CAROL001)

# demo_ctl DIR PERSON ARGUMENT...: aelpctl, with that person's token.
demo_ctl() {
    local dir=$1 person=$2
    shift 2
    (
        demo_environment "$dir" "$person"
        exec "$(fleet_bin)/aelpctl" "$@"
    )
}

# demo_environment DIR PERSON: exports what aelpctl reads. What is not there stays unset: the
# offline commands do without.
demo_environment() {
    local dir=$1 login
    AELP2_URL=$(fleet_url "$dir" api)
    AELP2_WITNESS_URL=$(fleet_url "$dir" witness)
    export AELP2_URL AELP2_WITNESS_URL
    [[ ! -f $dir/secrets/tokens/$2 ]] || export AELP2_TOKEN_FILE=$dir/secrets/tokens/$2
    for login in admin ctl auditor; do
        [[ ! -f $dir/secrets/$login.database_url ]] ||
            export "AELP2_${login^^}_URL_FILE=$dir/secrets/$login.database_url"
    done
    if [[ -f $dir/audit/log.vkey ]]; then
        AELP2_LOG_VKEY=$(<"$dir/audit/log.vkey")
        AELP2_WITNESS_VKEY=$("$(fleet_bin)/aelp-witness" vkey --dir "$dir/witness")
        export AELP2_LOG_VKEY AELP2_WITNESS_VKEY
    fi
}

# demo_person DIR NAME: the token's file comes last, so a person without one is finished next time.
demo_person() {
    local dir=$1 name=$2 role
    [[ ! -f $dir/secrets/tokens/$name ]] || return 0
    demo_ctl "$dir" "$name" people list -o json | grep -q "\"name\": \"$name\"" ||
        demo_ctl "$dir" "$name" people add "$name" --email "$name@example.com" >/dev/null
    for role in ${demo_roles[$name]}; do
        demo_ctl "$dir" "$name" people role "$name" "$role"
    done
    demo_ctl "$dir" "$name" people list -o json | grep -q "T0DEMO0001/${demo_slack[$name]}" ||
        demo_ctl "$dir" "$name" people link-slack "$name" T0DEMO0001 "${demo_slack[$name]}"
    (umask 077 && demo_ctl "$dir" "$name" people token "$name" --label demo \
        >"$dir/secrets/tokens/$name.new")
    mv "$dir/secrets/tokens/$name.new" "$dir/secrets/tokens/$name"
}

# demo_budgets DIR: until the first reading of them stands in the ledger.
demo_budgets() {
    local began
    began=$(now_ms)
    until demo_ctl "$1" ana budgets list -o json 2>>"$1/logs/demo.log" | grep -q '"target"'; do
        (($(now_ms) - began < 30000)) || die "the world's budgets were not read (see ./aelp logs budget-publisher)"
        sleep 0.1
    done
}

# demo_history DIR: what the market did so far, pulled as it would be from the real platforms.
demo_history() {
    local dir=$1 account days
    [[ ! -f $dir/demo-history ]] || return 0
    say "A year of the market, as the platforms tell it"
    days=$(fleet_demo_days "$dir")
    for account in "${demo_sources[@]}"; do
        demo_ctl "$dir" ana platforms backfill "$account" --days "$days"
    done
    touch "$dir/demo-history"
}

# demo_seed DIR: the account comes before the word to go on, and the mark comes last.
demo_seed() {
    local dir=$1 name
    [[ ! -f $dir/demo ]] || return 0
    mkdir -p "$dir/secrets/tokens"
    chmod 700 "$dir/secrets/tokens"
    for name in "${demo_people[@]}"; do
        demo_person "$dir" "$name" 2>>"$dir/logs/demo.log"
    done
    {
        fleet_own_environment "$dir" slack-bridge | sed -n 's/^SLACK_SIGNING_SECRET=//p' |
            demo_ctl "$dir" ana people secret slack_signing
        demo_ctl "$dir" ana accounts add google/1234567890 --currency USD --tz America/New_York \
            --unit 10000 --world
        for name in ga4/123 shopify/demo; do
            demo_ctl "$dir" ana platforms add "$name" --tz America/New_York --world
        done
        demo_ctl "$dir" ben resume --yes --reason "the demo begins"
        demo_ctl "$dir" cleo resume --yes --reason "the demo begins"
    } 2>>"$dir/logs/demo.log"
    touch "$dir/demo"
}
