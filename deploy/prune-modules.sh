#!/bin/sh
# Removes from a node_modules what a running process never reads, so that an image is half as large: type declarations,
# source maps and texts, builds for browsers, the sources of Temporal's native runtime, and its binaries for other platforms than this one.
#   prune-modules.sh NODE_MODULES
set -eu

modules=$1
case "$(node -p 'process.platform + "-" + process.arch')" in
  linux-x64) platform=x86_64-unknown-linux-gnu ;;
  linux-arm64) platform=aarch64-unknown-linux-gnu ;;
  *) echo "Temporal has no native runtime for this platform" >&2 && exit 1 ;;
esac

bridge=$modules/@temporalio/core-bridge
test -f "$bridge/releases/$platform/index.node"
find "$bridge/releases" -mindepth 1 -maxdepth 1 ! -name "$platform" -exec rm -rf {} +
rm -rf "$bridge/sdk-core" "$bridge/src" "$bridge/bridge-macros" "$modules/@types"
# Each of these packages is there three times over; Node loads build/src.
rm -rf "$modules"/@opentelemetry/*/build/esm "$modules"/@opentelemetry/*/build/esnext
find "$modules" -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -iname 'readme.md' \
  -o -iname 'changelog.md' -o -iname 'history.md' \) -delete
