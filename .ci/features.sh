#!/usr/bin/env bash
# Checks the library without features, with each feature, and with each pair of features; a warning
# fails, too. GPU backends take minutes to compile and add no code of ours: .ci/run checks those.
set -euo pipefail
cd "$(dirname "$0")/.."
left_out=default,full,cuda,vulkan,wgpu

check() {
    local said
    said=$(cargo check -q --lib -p dafe --no-default-features "$@" 2>&1 </dev/null) && [ -z "$said" ] || {
        echo "$said"
        return 1
    }
}

# Alone, as a user has them: those that turn on features of Burn.
for feature in "" flex ndarray weights pytorch remote-server train testing; do
    echo "-- alone: ${feature:-no feature}"
    check --features "$feature"
done

# All, and all pairs, with one Burn that has all of its features, which is checked once.
# cargo-hack lists the sets: each feature alone, and pairs of which none implies the other.
# `remote` and `burn-train` each gate one place that no other feature touches: alone is enough.
# `dafe/data` would mean the dev-dependency of the crate on itself, which `--lib` ignores, so
# features are named without their package.
cargo hack check -p dafe --lib --feature-powerset --depth 2 --exclude-features "$left_out" \
    --print-command-list | sed -n 's/.*--features \([^ ]*\).*/\1/p' |
    grep -vE '(^|,)(remote|burn-train),|,(remote|burn-train)$' |
    while read -r features; do
        echo "-- $features"
        check -p dafe-burn-features --features "$features"
    done
