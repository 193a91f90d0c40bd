#!/usr/bin/env bash
# Prints where a Chromium is, which evaluate's report is tested in; where there is none, Debian's is installed first:
#
#     export DAFE_CHROMIUM=$(.ci/chromium.sh)
#     cargo test --release -p dafe-cli --features report --test cli report
#
# Installing takes root and apt-get, 125 MB from Debian and 415 MB of the disk. Fails, saying why, where that can't be had.
set -euo pipefail

if [ -n "${DAFE_CHROMIUM:-}" ]; then
    echo "$DAFE_CHROMIUM"
    exit
fi

install() {
    export DEBIAN_FRONTEND=noninteractive
    # Lists may be missing or old, as in a fresh container; where the network is slow, this ends.
    timeout -k 10 120 apt-get -qq update &&
        timeout -k 10 400 apt-get -qq install --yes --no-install-recommends chromium
} >&2

if ! command -v chromium >/dev/null; then
    command -v apt-get >/dev/null || { echo "chromium: there is no apt-get" >&2; exit 1; }
    [ "$(id -u)" = 0 ] || { echo "chromium: installing takes root" >&2; exit 1; }
    for attempt in 1 2; do
        install && break
        [ "$attempt" = 2 ] && { echo "chromium: Debian's package can't be had" >&2; exit 1; }
        sleep 10
    done
fi
# Ubuntu's package of that name is a wrapper that starts nothing in a container.
timeout -k 10 60 chromium --version >&2 || { echo "chromium: it does not start" >&2; exit 1; }
command -v chromium
