#!/usr/bin/env bash
# Packs the published crates and checks their sizes; unpacked, the library and the model compile by themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
published=(dafe-model dafe-font dafe dafe-garments dafe-cli)
# Bytes; 10 MB is the registry's limit.
declare -A limit=([dafe-model]=10000000 [dafe-font]=100000 [dafe]=2500000 [dafe-garments]=2500000 [dafe-cli]=2500000)

packages="${CARGO_TARGET_DIR:-target}/package"
rm -f "$packages"/*.crate
cargo package --allow-dirty --no-verify --quiet "${published[@]/#/--package=}"
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
for crate in "${published[@]}"; do
    archive=$(ls "$packages/$crate"-[0-9]*.crate)
    size=$(stat -c %s "$archive")
    echo "$crate: $size bytes"
    if [ "$size" -gt "${limit[$crate]}" ]; then
        echo "$crate: larger than ${limit[$crate]} bytes" >&2
        exit 1
    fi
    tar -xzf "$archive" -C "$unpacked"
    mv "$unpacked/$crate"-[0-9]* "$unpacked/$crate"
done
# What is packed is complete: the crates compile from their packages, outside this workspace.
cat >"$unpacked/Cargo.toml" <<TOML
[workspace]
members = ["dafe-model", "dafe-font", "dafe", "dafe-garments", "dafe-cli"]
resolver = "3"
[patch.crates-io]
dafe-model = { path = "dafe-model" }
dafe-font = { path = "dafe-font" }
dafe = { path = "dafe" }
dafe-garments = { path = "dafe-garments" }
dafe-cli = { path = "dafe-cli" }
TOML
# The profile of the checkout, so that its dependencies need not be compiled again.
sed -n '/^\[profile\.dev\]/,$p' Cargo.toml >>"$unpacked/Cargo.toml"
cp Cargo.lock "$unpacked"
cargo check --manifest-path "$unpacked/Cargo.toml" --workspace
