#!/usr/bin/env bash
# logs: what the services say, readable
#
#   ./aelp logs [SERVICE] [-f] [-n LINES]     (default: all services, the last 40 lines of each)
#
# The files hold one JSON object a line: .run/main/logs/<service>.log
set -euo pipefail
source "$ROOT/tools/launch/part/instance.sh"

dir=$(instance_dir "${AELP2_INSTANCE:-main}")
[[ -d $dir/logs ]] || die "nothing was started yet: ./aelp up"
follow=() lines=40 files=()
while (($#)); do
    case $1 in
    -f) follow=(--follow=name --retry) ;;
    -n)
        lines=${2:-}
        [[ $lines =~ ^[0-9]+$ ]] || die "logs: -n needs a number"
        shift
        ;;
    *)
        [[ $1 =~ ^[a-z-]+$ && -f $dir/logs/$1.log ]] || die "logs: there is no log of '$1' in $dir/logs"
        files+=("$dir/logs/$1.log")
        ;;
    esac
    shift
done
if ((${#files[@]} == 0)); then
    mapfile -t files < <(fleet_services | sed "s#.*#$dir/logs/&.log#")
fi

# {"time":T,"level":L,"service":S,...,"msg":M,"key":value} -> T L S M key=value; other lines as they are.
readable() {
    sed --unbuffered --regexp-extended \
        -e 's/^\{"time":"[^"]*T([0-9:.]{8,12})[^"]*","level":"([a-z]*)","service":"([^"]*)",?(.*)\}$/\1 \2\t\3\t\4/' \
        -e 't fields' -e b -e ':fields' \
        -e 's/\t(.*)\t(.*)"msg":"(([^"\\]|\\.)*)",?(.*)$/\t\1\t\3  \2\5/' \
        -e 's/,?"([a-zA-Z_0-9]+)":/ \1=/g' | expand -t 20,42
}
tail --quiet --lines="$lines" "${follow[@]}" "${files[@]}" | readable
