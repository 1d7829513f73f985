# ports: each instance owns a block of loopback ports, kept in <instance>/ports as name=port lines.
# shellcheck shell=bash

ports_per_instance=40
ports_first=7400
ports_last=12000

# ports_listening: the TCP ports that something listens on, one a line.
ports_listening() {
    local state_listen=0A hex
    awk -v listen="$state_listen" '$4 == listen {sub(/.*:/, "", $2); print $2}' /proc/net/tcp \
        /proc/net/tcp6 2>/dev/null | while read -r hex; do echo $((16#$hex)); done
}

# ports_block_free BASE LISTENING: no listener in the block and no other instance's name on it.
ports_block_free() {
    local port
    for port in $2; do
        ((port < $1 || port >= $1 + ports_per_instance)) || return 1
    done
    ! cat "$ROOT"/.run/*/ports 2>/dev/null | grep -qx "base=$1"
}

# ports_choose DIR NAME...: writes DIR/ports, once; a restarted instance keeps its block.
ports_choose() {
    local dir=$1 base='' listening name offset=0
    shift
    if [[ -f $dir/ports ]]; then
        base=$(port_of "$dir" base)
    else
        listening=$(ports_listening)
        base=$ports_first
        until ports_block_free "$base" "$listening"; do
            base=$((base + ports_per_instance))
            ((base < ports_last)) || die "no free block of $ports_per_instance ports found"
        done
    fi
    {
        echo "base=$base"
        for name in "$@"; do
            echo "$name=$((base + offset))"
            offset=$((offset + 1))
        done
    } >"$dir/ports.new"
    mv "$dir/ports.new" "$dir/ports"
}

port_of() {
    sed -n "s/^$2=//p" "$1/ports"
}
