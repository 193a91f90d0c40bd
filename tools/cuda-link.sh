#!/usr/bin/env bash
# Builds `dafe` with the feature `cuda` on a machine that reaches a Debian mirror but not GitHub.
#
#     tools/cuda-link.sh PREFIX [cargo options, such as -j1 or --features pytorch]
#
# CubeCL's CUDA backend links LLVM statically and downloads it from GitHub while building. This
# script takes LLVM from Debian's suite `unstable` instead. docs/cuda-offline.md explains each step.
#
# Needs:
#   - Debian, or the variable MIRROR and Debian's keyring (package debian-archive-keyring)
#   - a Rust toolchain from rustup, and this workspace's crates: a registry, or `cargo fetch` done
#   - root, or unprivileged user namespaces (`unshare --map-root-user --mount true` succeeds)
#   - PREFIX: an absolute path; 4 GB of disk; it must allow executables
# Takes: a download of 240 MB, half a minute to unpack, then a release build from nothing, about 24
# minutes on two busy cores. A second run with the same PREFIX only builds what changed.
#
# The packages are unpacked below PREFIX, by an apt configuration of its own. Nothing is installed,
# no maintainer script runs, and the system's own packages and package lists stay as they are.
# Compiler, linker and C library come from there, too, because static libraries built for a newer
# glibc don't link with an older one. The program therefore needs the libraries below PREFIX, or a
# system as new, to run: the last lines printed say how to start it.
#
# Variables:
#   MIRROR           a Debian mirror; by default the one that apt is configured with
#   SUITE            the suite with LLVM's version; `unstable` by default
#   IGNORE_EXPIRY=1  accept a mirror's release file past its date, for frozen and offline mirrors
#
# A script for people, not part of the automated tests.
set -euo pipefail

usage() {
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
    exit "$1"
}

fail() {
    printf 'cuda-link.sh: %s\n' "$1" >&2
    exit 1
}

case "${1-}" in
    -h | --help) usage 0 ;;
    /*) prefix=${1%/} ;;
    *) usage 2 >&2 ;;
esac
shift

# In the mount namespace that the script opens below: mounts what cargo needs into the root, and
# runs a command there.
enter() {
    local root=$1 directory
    shift
    for directory in "$SYSROOT" "$CARGO_HOME" "$WORKSPACE" "$CARGO_TARGET_DIR"; do
        mkdir -p "$root$directory"
        mount --rbind "$directory" "$root$directory"
    done
    mount --rbind /dev "$root/dev"
    mount --rbind /proc "$root/proc"
    PATH=$PATH:/usr/sbin
    local chroot
    chroot=$(command -v chroot)
    export PATH=$SYSROOT/bin:/usr/bin
    exec "$chroot" "$root" sh -c 'cd "$WORKSPACE" && exec "$@"' sh "$@"
}
if [ -n "${CUDA_LINK_ENTER-}" ]; then
    unset CUDA_LINK_ENTER
    enter "$prefix/root" "$@"
fi

script=$(realpath "$0")
WORKSPACE=$(dirname "$(dirname "$script")")
CARGO_HOME=$(realpath "${CARGO_HOME:-$HOME/.cargo}")
CARGO_TARGET_DIR=$prefix/target
SYSROOT=$(cd "$WORKSPACE" && rustc --print sysroot)
export WORKSPACE CARGO_HOME CARGO_TARGET_DIR SYSROOT

host=$(rustc -vV | sed -n 's/^host: //p')
# Where rustc's own linker, lld, is the default. GNU ld doesn't find LLVM's symbols: it reads each
# library once, in an order that suits lld.
[ "$host" = x86_64-unknown-linux-gnu ] || fail "needs x86_64-unknown-linux-gnu; this is $host"
[ "$SYSROOT" != /usr ] || fail "needs a toolchain from rustup; this one is the distribution's"
[ -x "$SYSROOT/bin/cargo" ] || fail "no cargo in $SYSROOT/bin"
for tool in apt-get dpkg-deb unshare; do
    command -v "$tool" >/dev/null || fail "needs $tool"
done
if [ "$(id -u)" = 0 ]; then
    namespace=(unshare --mount)
else
    namespace=(unshare --map-root-user --mount)
fi
"${namespace[@]}" true || fail "cannot open a mount namespace; run it as root"

# The crate that downloads LLVM. Its version names the folder that it looks for.
bundler=$(sed -n '/^name = "tracel-llvm-bundler"$/{n;s/^version = "\(.*\)"$/\1/p}' \
    "$WORKSPACE/Cargo.lock")
[ -n "$bundler" ] || fail "Cargo.lock has no tracel-llvm-bundler; does Burn still need LLVM?"
llvm=${bundler%%.*}

# 1. Debian's packages, unpacked. `unpacked` is written last, so an interrupted run starts over.
root=$prefix/root
if [ "$(cat "$prefix/unpacked" 2>/dev/null)" != "$bundler" ]; then
    mirror=${MIRROR-}
    if [ -z "$mirror" ]; then
        mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' \
            'Label: Debian' | head -n 1)
        [ -n "$mirror" ] || fail "apt has no Debian mirror; set MIRROR"
    fi
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -r "$keyring" ] || fail "needs $keyring (package debian-archive-keyring)"

    apt=$prefix/apt
    rm -rf "$root" "$apt/state"
    mkdir -p "$apt"/{etc/apt.conf.d,etc/preferences.d,etc/sources.list.d,etc/trusted.gpg.d} \
        "$apt"/{state/lists/partial,cache/archives/partial}
    : >"$apt/state/status"
    echo "deb [signed-by=$keyring] $mirror ${SUITE:-unstable} main" >"$apt/etc/sources.list"
    cat >"$apt/apt.conf" <<CONF
Dir::Etc "$apt/etc/";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "$apt/etc/apt.conf.d";
Dir::State "$apt/state/";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache/";
Acquire::Languages "none";
APT::Sandbox::User "";
CONF
    # Proxies and the like, without the hooks of the system's configuration.
    apt-config dump | grep -E '^Acquire::(https?|ForceIPv[46]|Retries)' >>"$apt/apt.conf" || true
    if [ -n "${IGNORE_EXPIRY-}" ]; then
        echo 'Acquire::Check-Valid-Until "false";' >>"$apt/apt.conf"
    fi
    export APT_CONFIG=$apt/apt.conf
    # libpolly and libzstd: named by `llvm-config --link-static`, but no dependency of llvm-dev.
    # dash and sed: for `llvm-config` below.
    apt-get --quiet --error-on=any update
    # Packages that an interrupted run left, if the mirror has moved on.
    apt-get --quiet autoclean
    apt-get --quiet --yes --no-install-recommends --download-only install \
        "llvm-$llvm-dev" "libpolly-$llvm-dev" libzstd-dev g++ dash sed
    unset APT_CONFIG

    # Debian's layout, in which /bin, /lib and so on are links.
    mkdir -p "$root"/{dev,proc,tmp} "$root"/usr/{bin,sbin,lib,lib64}
    for directory in bin sbin lib lib64; do
        ln -s "usr/$directory" "$root/$directory"
    done
    # Links that maintainer scripts would make.
    ln -s gcc "$root/usr/bin/cc"
    ln -s g++ "$root/usr/bin/c++"
    for package in "$apt/cache/archives"/*.deb; do
        dpkg-deb --extract "$package" "$root"
    done

    # 2. The folder where the build script looks for LLVM, with the file that marks it complete.
    bundle=$root/llvm/tracel/tracel-llvm-$bundler
    mkdir -p "$bundle/bin"
    # `--system-libs` prints libz3 as a path, of which the build script would make `-llibz3`.
    cat >"$bundle/bin/llvm-config" <<CONFIG
#!/bin/sh
/usr/lib/llvm-$llvm/bin/llvm-config "\$@" | sed 's|/[^ ]*/lib\([^ /]*\)\.so|-l\1|g'
CONFIG
    chmod +x "$bundle/bin/llvm-config"
    : >"$bundle/.tracel-llvm-installed"
    printf '%s\n' "$bundler" >"$prefix/unpacked"
fi

# 3. The build. Crates are fetched outside, since the root has no network configuration.
(cd "$WORKSPACE" && cargo fetch --locked)
mkdir -p "$CARGO_TARGET_DIR"
export CARGO_NET_OFFLINE=true XDG_DATA_HOME=/llvm TMPDIR=/tmp CC=gcc CXX=g++
inside() {
    CUDA_LINK_ENTER=1 "${namespace[@]}" "$BASH" "$script" "$prefix" "$@"
}
inside cargo build --locked --release -p dafe-cli --features cuda "$@"

# 4. The checks that need no GPU.
program=$CARGO_TARGET_DIR/release/dafe
inside "$program" --version
printf '\n%s: %s MB\n' "$program" "$(($(stat -c %s "$program") / 1000000))"
printf 'Libraries that it is linked with (those of CUDA are loaded while it runs):\n'
loader=lib64/ld-linux-x86-64.so.2
inside "/$loader" --list "$program"
printf '\nTo run it here:\n    %s --library-path %s %s --help\n' "$root/$loader" \
    "$root/usr/lib/x86_64-linux-gnu" "$program"
