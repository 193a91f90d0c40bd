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

declared() {
    cargo metadata --no-deps --format-version 1 | python3 -c '
import json, sys
for package in json.load(sys.stdin)["packages"]:
    if package["name"] == "dafe":
        for target in package["targets"]:
            if target["kind"] == ["example"]:
                features = target.get("required-features", [])
                print(target["name"], ",".join(features) or "default")'
}
declared | while read -r example features; do
    echo "-- example $example: $features"
    cargo check -q -p dafe --example "$example" --features "$features"
done
for feature in default report tui remote ndarray pytorch; do
    echo "-- dafe-cli: $feature"
    cargo check -q -p dafe-cli --features "$feature"
done
