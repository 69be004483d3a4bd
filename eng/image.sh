#!/usr/bin/env bash
# image.sh [--debian] ARCHIVE [OPTION OF dotnet publish]…: builds the server's image for linux-x64, or for the given -r, into an archive for
# `docker load` and `podman load`. Its base is .NET's chiseled image. With --debian, the base is made of this machine's Debian packages, without
# any registry of images elsewhere. That needs root, docker-registry and podman.
set -euo pipefail
debian=
[ "${1:-}" != --debian ] || { debian=1; shift; }
[ $# -gt 0 ] || { echo "image.sh: name the archive to write, such as artifacts/registry-index.tar." >&2; exit 2; }
archive=$(realpath -m "$1")
shift
cd "$(dirname "${BASH_SOURCE[0]}")/.."
options=("$@")
[[ " $* " == *' -r '* ]] || options+=(-r linux-x64)

if [ "$debian" ]; then
    eng/install.sh docker-registry:docker-registry podman:podman curl:curl
    work=$(mktemp -d)
    registry=
    trap 'if [ "$registry" ]; then kill "$registry"; fi; rm -rf "$work"' EXIT
    case " ${options[*]} " in
        *' linux-arm64 '*) export ARCHITECTURE=arm64 ;;
        *) export ARCHITECTURE=amd64 ;;
    esac
    newest() { apt-cache pkgnames "$1" | grep -E "^$1$2(t64)?\$" | sort -V | tail -n 1; }
    eng/debian-base.sh "$work/base.tar" libc6 libgcc-s1 libstdc++6 zlib1g "$(newest libssl3 '')" "$(newest libicu '[0-9]+')" ca-certificates tzdata base-files

    printf 'version: 0.1\nlog: {level: info, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: %s/registry}}\nhttp: {addr: "127.0.0.1:0"}\n' "$work" > "$work/registry.yml"
    : > "$work/registry.log"
    docker-registry serve "$work/registry.yml" > "$work/registry.log" 2>&1 &
    registry=$!
    # The registry takes a free port and prints it.
    address=$( (tail -n +1 -f --pid=$registry "$work/registry.log" || true) | grep -m 1 -o '127\.0\.0\.1:[0-9]*')
    podman --root "$work/containers" --runroot "$work/run" --storage-driver vfs import -q --arch "$ARCHITECTURE" --change 'ENV PATH=/usr/bin' "$work/base.tar" "$address/debian:1" > "$work/import.log" 2>&1 || { cat "$work/import.log" >&2; exit 1; }
    podman --root "$work/containers" --runroot "$work/run" --storage-driver vfs push -q --tls-verify=false "$address/debian:1"
    # The variable lets the SDK use plain HTTP. A loopback address alone does not.
    export DOTNET_CONTAINER_INSECURE_REGISTRIES=$address
    options+=("-p:ContainerBaseImage=$address/debian:1")
fi

mkdir -p "$(dirname "$archive")"
rm -f "$archive"
dotnet publish src/RegistryIndex.Server -c Release --self-contained -t:PublishContainer "-p:ContainerArchiveOutputPath=$archive" -v quiet -nologo "${options[@]}"
