#!/usr/bin/env bash
# rustdoc, allowed to write JSON: for RUSTDOC. The variable is set for rustdoc alone, because build
# scripts watch it: set for Cargo, it would have all dependencies compiled again.
RUSTC_BOOTSTRAP=1 exec rustdoc "$@"
