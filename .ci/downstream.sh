#!/usr/bin/env bash
# Builds and runs the crates in tests/downstream as their users would: each a workspace of its own.
set -euo pipefail
cd "$(dirname "$0")/../tests/downstream"

for crate in own_network filter_csv; do
    # The versions that this workspace is tested with.
    cp ../../Cargo.lock $crate/Cargo.lock
    crates=$(cargo tree -q --manifest-path $crate/Cargo.toml -e normal --prefix none |
        sed 's/ (\*)//' | sort -u | wc -l)
    echo "-- $crate: $crates crates"
done
cargo run -q --manifest-path own_network/Cargo.toml
found=$(cargo run -q --manifest-path filter_csv/Cargo.toml -- 0 ../fixtures/images/orientation_1.jpg)
echo "$found" | head -3
[ "$(echo "$found" | head -1)" = "image,category,landmark,x,y,score" ] && [ "$(echo "$found" | wc -l)" -gt 1 ]
if cargo run -q --manifest-path filter_csv/Cargo.toml -- 0.5 nowhere.jpg; then
    echo "an image that is not there was taken"
    exit 1
fi
