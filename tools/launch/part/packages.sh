# packages: what AELP2 needs from the distribution, by need. A row is a package, or package:command
# where any program of that name will do (a newer Node.js than the distribution's, say).
# shellcheck shell=bash

debian_version() {
    sed -n 's/^VERSION_ID="\{0,1\}\([0-9]*\).*/\1/p' /etc/os-release
}

packages_run() {
    echo postgresql nats-server curl:curl procps util-linux
}

packages_build() {
    echo gcc:gcc libc6-dev cmake:cmake ninja-build:ninja pkg-config:pkg-config
    echo libpq-dev libnats-dev libuv1-dev libcurl4-openssl-dev libssl-dev libjansson-dev
    echo libprotobuf-c-dev libprotobuf-dev protobuf-c-compiler libcmocka-dev libpcre2-dev libzstd-dev
    if (($(debian_version) >= 13)); then
        echo libllhttp-dev
    else
        echo node-llhttp
    fi
}

packages_test() {
    echo nodejs:node npm:npm git:git
}

packages_check() {
    echo clang clang-format clang-tidy llvm shellcheck python3-yaml
    if (($(debian_version) >= 13)); then
        echo libclang-rt-dev
    else
        echo libclang-rt-14-dev
    fi
}

packages_bench() {
    echo nginx-light wrk
}

packages_debian13() {
    echo debootstrap
}
