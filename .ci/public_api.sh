#!/usr/bin/env bash
# The library's public API is docs/public-api.txt, so that each change of it is seen, and breaks
# nobody who uses the commit in .ci/semver_baseline. `--write` writes the list.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
target="${CARGO_TARGET_DIR:-$root/target}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"; git worktree prune' EXIT

# Unoptimized: faster in all, for a crate of this size.
install() {
    command -v "$1" >/dev/null || cargo install "$1" --locked --quiet --debug
}

# What rustdoc knows of the checkout $1, as JSON, to $2.
json() {
    # Two checkouts write the same file: Cargo would take the other's for its own.
    rm -f "$target/doc/dafe.json"
    touch "$1/src/lib.rs"
    (
        cd "$1"
        RUSTDOC="$root/.ci/rustdoc_json.sh" RUSTDOCFLAGS="-Z unstable-options --output-format json" \
            CARGO_TARGET_DIR="$target" cargo doc -q -p dafe --no-deps --features full
    )
    cp "$target/doc/dafe.json" "$2"
}

install cargo-public-api
json . "$folder/now.json"
cargo public-api --rustdoc-json "$folder/now.json" -sss >"$folder/now.txt"
if [ "${1-}" = --write ]; then
    cp "$folder/now.txt" docs/public-api.txt
fi
diff -u docs/public-api.txt "$folder/now.txt" || {
    echo "the public API changed: if that is meant, run .ci/public_api.sh --write" >&2
    exit 1
}

baseline=$(cat .ci/semver_baseline)
if ! git cat-file -e "$baseline^{commit}" 2>/dev/null; then
    echo "LEFT OUT: the baseline $baseline is not in this checkout's history"
    exit
fi
install cargo-semver-checks
git worktree add -q --detach "$folder/baseline" "$baseline"
json "$folder/baseline" "$folder/before.json"
cargo semver-checks --baseline-rustdoc "$folder/before.json" --current-rustdoc "$folder/now.json" \
    --release-type minor
