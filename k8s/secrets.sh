#!/usr/bin/env bash
# secrets: prints Kubernetes Secrets for a folder that `aelp-migrate roles` and `nats` filled
#
#   aelp-migrate roles --secrets DIR --url-template 'postgresql://{role}:{password}@HOST:5432/aelp' >roles.sql
#   aelp-migrate nats  --secrets DIR >DIR/authorization.conf
#   k8s/secrets.sh DIR | kubectl apply -n aelp2 -f -
set -euo pipefail
dir=${1:?usage: k8s/secrets.sh DIR}

# secret NAME KEY=FILE...
secret() {
    local pair
    printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\ndata:\n' "$1"
    shift
    for pair in "$@"; do
        [[ ! -f ${pair#*=} ]] || printf '  %s: %s\n' "${pair%%=*}" "$(base64 -w0 <"${pair#*=}")"
    done
}

for url in "$dir"/*.database_url; do
    member=$(basename "$url" .database_url)
    secret "$member" "database_url=$url" "nats=$dir/$member.nats"
done
secret nats-authorization "authorization.conf=$dir/authorization.conf"
