# ports: each instance owns a block of loopback ports, kept in <instance>/ports as name=port lines.
#
# Blocks are claimed for the whole machine, so that checkouts don't meet: the file <base> in
# ports_claims holds the instance's folder, and stands while that folder's ports name the block. Other
# users' claims are out of sight; who loses a block to them finds out when Postgres binds, and moves.
# shellcheck shell=bash

ports_per_instance=40
ports_first=7400
ports_claims=/tmp/aelp2-ports-$EUID

# ports_listening: the TCP ports that something listens on, one a line.
ports_listening() {
    local state_listen=0A hex
    awk -v listen="$state_listen" '$4 == listen {sub(/.*:/, "", $2); print $2}' /proc/net/tcp \
        /proc/net/tcp6 2>/dev/null | while read -r hex; do echo $((16#$hex)); done
}

# ports_claimed BASE DIR: by an instance other than DIR's.
ports_claimed() {
    local owner
    [[ -f $ports_claims/$1 ]] && owner=$(<"$ports_claims/$1") || return 1
    [[ $owner != "$2" ]] && grep -qsx "base=$1" "$owner/ports"
}

# ports_block_free BASE LISTENING: no listener in the block.
ports_block_free() {
    local port
    for port in $2; do
        ((port < $1 || port >= $1 + ports_per_instance)) || return 1
    done
}

# ports_end: blocks lie below it, and so below what the kernel hands to clients.
ports_end() {
    local ephemeral=32768
    read -r ephemeral _ </proc/sys/net/ipv4/ip_local_port_range || true
    echo $((ephemeral > 12000 && ephemeral < 32768 ? ephemeral : 32768))
}

# ports_free_base DIR AFTER: a free block's base. The search begins behind AFTER, or when that is
# empty at a place that follows from the checkout's path, and goes round once.
ports_free_base() {
    local dir=$1 listening blocks at tried base
    listening=$(ports_listening)
    blocks=$((($(ports_end) - ports_first) / ports_per_instance))
    if [[ $2 ]]; then
        at=$((($2 - ports_first) / ports_per_instance + 1))
    else
        at=$(($(cksum <<<"$ROOT" | cut -d' ' -f1) % 200))
    fi
    for ((tried = 0; tried < blocks; tried++, at++)); do
        base=$((ports_first + at % blocks * ports_per_instance))
        if ports_block_free "$base" "$listening" && ! ports_claimed "$base" "$dir"; then
            echo "$base"
            return
        fi
    done
    die "no free block of $ports_per_instance ports found"
}

# ports_choose DIR NAME...: writes DIR/ports. An instance keeps its block while it runs, and when it
# starts again, unless somebody else has come to use it.
ports_choose() {
    local dir=$1 base=''
    shift
    ports_lock
    [[ ! -f $dir/ports ]] || base=$(port_of "$dir" base)
    if [[ -z $base ]] || { [[ -z $(instance_running "$dir") ]] &&
        { ports_claimed "$base" "$dir" || ! ports_block_free "$base" "$(ports_listening)"; }; }; then
        base=$(ports_free_base "$dir" "")
    fi
    ports_take "$dir" "$base" "$@"
    exec 7>&-
}

# ports_move DIR NAME...: to another block; this one turned out to be taken.
ports_move() {
    local dir=$1 base
    shift
    ports_lock
    base=$(ports_free_base "$dir" "$(port_of "$dir" base)")
    ports_take "$dir" "$base" "$@"
    exec 7>&-
}

# ports_lock: until descriptor 7 is closed, nobody else on this machine chooses.
ports_lock() {
    mkdir -m 700 "$ports_claims" 2>/dev/null || true # it is there
    [[ -d $ports_claims && -O $ports_claims && ! -L $ports_claims ]] || die "$ports_claims is not a folder of yours"
    exec 7>"$ports_claims/lock"
    flock 7
}

ports_take() {
    local dir=$1 base=$2 name offset=0
    shift 2
    {
        echo "base=$base"
        for name in "$@"; do
            echo "$name=$((base + offset))"
            offset=$((offset + 1))
        done
    } >"$dir/ports.new"
    mv "$dir/ports.new" "$dir/ports"
    echo "$dir" >"$ports_claims/$base"
}

port_of() {
    sed -n "s/^$2=//p" "$1/ports"
}
