#!/usr/bin/env bash
# Fetches Vulkan in software, for machines without a GPU: SwiftShader and a Vulkan loader, both out of Debian's package
# chromium-common. Nothing is installed, so this needs no root:
#
#     .ci/swiftshader.sh target/swiftshader && source target/swiftshader/environment
#     DAFE_TEST_DEVICES=flex,vulkan cargo test --release --features vulkan --test it backends
#
# Fails, saying why, where there is no apt-get or the package can't be had.
set -euo pipefail
mkdir -p "$1"
folder=$(cd "$1" && pwd)

fetch() {
    local work="$folder/fetching"
    rm -rf "$work"
    mkdir -p "$work"/{lists,archives}/partial
    # Lists and packages of our own: those of the system are for root.
    local options=(-qq -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work" -o APT::Sandbox::User=root)
    (cd "$work" && apt-get "${options[@]}" update && apt-get "${options[@]}" download chromium-common) || return
    dpkg-deb --fsys-tarfile "$work"/chromium-common_*.deb |
        tar -x -C "$work" ./usr/lib/chromium/libvk_swiftshader.so ./usr/lib/chromium/libvulkan.so.1 || return
    mv "$work"/usr/lib/chromium/* "$folder"
    rm -rf "$work"
}

if ! [ -f "$folder/libvk_swiftshader.so" ] || ! [ -f "$folder/libvulkan.so.1" ]; then
    command -v apt-get >/dev/null || { echo "swiftshader: there is no apt-get" >&2; exit 1; }
    for attempt in 1 2 3; do
        fetch && break
        [ "$attempt" = 3 ] && { echo "swiftshader: Debian's chromium-common can't be had" >&2; exit 1; }
        sleep $((10 * attempt))
    done
fi
if ldd "$folder"/*.so* | grep 'not found'; then
    echo "swiftshader: libraries are missing" >&2
    exit 1
fi

mkdir -p "$folder/runtime"
chmod 700 "$folder/runtime"
cat >"$folder/swiftshader.json" <<JSON
{"file_format_version": "1.0.0", "ICD": {"library_path": "$folder/libvk_swiftshader.so", "api_version": "1.3.0"}}
JSON
cat >"$folder/environment" <<ENVIRONMENT
export LD_LIBRARY_PATH="$folder\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
export VK_DRIVER_FILES="$folder/swiftshader.json" VK_ICD_FILENAMES="$folder/swiftshader.json"
export XDG_RUNTIME_DIR="$folder/runtime"
ENVIRONMENT
