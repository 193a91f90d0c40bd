#!/usr/bin/env bash
# Checks the library without features, with each feature and with each pair of features. GPU
# backends take minutes to compile and add no code of ours: .ci/run checks them once.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo hack check -p dafe --lib --feature-powerset --depth 2 \
    --exclude-features default,full,cuda,vulkan,wgpu
