#!/bin/sh
# Adds to each image of Dockerfile and docker-compose.yml the digest that its registry has for its tag now:
# postgres:16.15 becomes postgres:16.15@sha256:... Needs docker with buildx, and the registry. Run it anew after a tag was changed.
set -eu
cd "$(dirname "$0")/.."

images=$(sed -n -E 's/^FROM ([^ @]+).*/\1/p; s/^ +image: ([^ @]+).*/\1/p' Dockerfile docker-compose.yml |
  grep -v '^jobherald:' | sort -u)
for image in $images; do
  digest=$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}')
  case "$digest" in
    sha256:*) ;;
    *) echo "no digest of $image: $digest" >&2 && exit 1 ;;
  esac
  sed -i -E "s#((FROM|image:) $image)(@sha256:[0-9a-f]+)?#\1@$digest#" Dockerfile docker-compose.yml
  echo "$image@$digest"
done
