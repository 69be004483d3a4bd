#!/usr/bin/env bash
# stand-ins.sh DIRECTORY: writes registry.tar and nginx.tar there, root file systems of Debian packages for `docker import`. Tests use them in
# place of the images with these names, so that they need no public registry. Needs root, on Debian.
set -euo pipefail
to=$(realpath -m "$1")
cd "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p "$to"
newest() { apt-cache pkgnames "$1" | grep -E "^$1(t64)?\$" | sort -V | tail -n 1; }
export KEEP_PROGRAMS=1
./debian-base.sh "$to/registry.tar" libc6 ca-certificates base-files busybox docker-registry
./debian-base.sh "$to/nginx.tar" libc6 base-files busybox libcrypt1 libpcre2-8-0 zlib1g "$(newest libssl3)" nginx nginx-common
# The images have wget as a part of busybox.
ln -s busybox "$to/wget"
for image in registry nginx; do
    tar --append -f "$to/$image.tar" -C "$to" --transform 's,^,./usr/bin/,S' wget
done
rm "$to/wget"
