#!/usr/bin/env bash
# Checks the library without features, with each feature, and with each pair of features. GPU
# backends take minutes to compile and add no code of ours: .ci/run checks them once.
set -euo pipefail
cd "$(dirname "$0")/.."
left_out=default,full,cuda,vulkan,wgpu

# Alone, as a user has them: those that turn on features of Burn.
for feature in "" flex ndarray weights pytorch remote-server train testing; do
    echo "-- alone: ${feature:-no feature}"
    cargo check -q -p dafe --lib --no-default-features --features "$feature"
done

# All, and all pairs, with one Burn that has all of its features, which is checked once.
# cargo-hack lists the sets: each feature alone, and pairs of which none implies the other.
cargo hack check -p dafe --lib --feature-powerset --depth 2 --exclude-features "$left_out" \
    --print-command-list | sed -n 's/.*--features \([^ ]*\).*/\1/p' |
    while read -r features; do
        echo "-- $features"
        cargo check -q --lib -p dafe -p dafe-burn-features --no-default-features \
            --features "dafe/${features//,/,dafe/}" </dev/null
    done
