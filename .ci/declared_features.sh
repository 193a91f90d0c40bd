#!/usr/bin/env bash
# Checks each example of the library with just the features that it declares, and the program with
# each of its features. The library's dev-dependency on itself turns features on, which hides a
# missing declaration: so it is done in a copy of the workspace without that line.
set -euo pipefail
cd "$(dirname "$0")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z -co --exclude-standard | tar --null -T - -cf - | tar -xf - -C "$copy"
cd "$copy"
sed -i '/^dafe = { path = "\.", features/d' Cargo.toml

# "NAME FEATURES", a line for each example.
declared() {
    awk '/^\[/ { example = ($0 == "[[example]]") }
        example && /^name/ { gsub(/"/, "", $3); name = $3 }
        example && /^required-features/ { gsub(/.*\[|[]" ]/, ""); print name, $0 }' Cargo.toml
}
declared | while read -r example features; do
    echo "-- example $example: $features"
    cargo check -q -p dafe --example "$example" --features "$features" </dev/null
done
for feature in default report tui remote ndarray pytorch; do
    echo "-- dafe-cli: $feature"
    cargo check -q -p dafe-cli --features "$feature"
done
