#!/usr/bin/env bash
# release.sh VERSION [--debian] [OPTION OF dotnet publish]…: makes all files of a release in artifacts/release, and publishes nothing: the packages,
# the image's archives for amd64 and arm64, archives of the program with its runtime for Linux, Windows and macOS, the bill of materials
# (CycloneDX), the notes, and the checksums of all. With --debian the images have a base of Debian packages, as in image.sh.
# release.sh VERSION --quick DIRECTORY: makes only the program's archive for linux-x64, the bill of materials, the notes and the checksums there.
set -euo pipefail
version=${1:-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || { echo "release.sh: '$version' is no version; give one such as 1.2.3 or 1.2.3-rc.1." >&2; exit 2; }
shift
debian=() quick='' options=("-p:Version=$version") programs=(linux-x64 linux-arm64 win-x64 osx-arm64)
while [ $# -gt 0 ]; do
    case $1 in
        --debian) debian=(--debian) ;;
        --quick) quick=${2:-} programs=(linux-x64); [ "$quick" ] || { echo "release.sh: name a directory after --quick." >&2; exit 2; }; shift ;;
        -*) options+=("$1") ;;
        *) echo "release.sh: '$1' is not an option." >&2; exit 2 ;;
    esac
    shift
done
[ ! "$quick" ] || quick=$(realpath -m "$quick")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
to=${quick:-$PWD/artifacts/release} build=$PWD/artifacts/published/build
export CI=true SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2> /dev/null || date +%s)
[ "$quick" ] || eng/install.sh zip:zip
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$to"
mkdir -p "$to"

# The changelog's section of this version, or of the unreleased changes.
awk -v version="$version" '/^## / { if (found) exit; found = index($0, version) || tolower($0) ~ /unreleased/; next } found' CHANGELOG.md > "$to/NOTES.md"
[ -s "$to/NOTES.md" ] || { echo "release.sh: CHANGELOG.md has no section for $version and none that is unreleased; write one." >&2; exit 1; }

# Beside the program are the licences, the native libraries of the database drivers, the sample registry, and for Linux the unit.
for runtime in "${programs[@]}"; do
    name=registry-index-$version-$runtime
    dotnet publish src/RegistryIndex.Server -c Release -r "$runtime" --self-contained -p:PublishSingleFile=true -o "$work/$name" --artifacts-path "$build" -nologo -v quiet "${options[@]}"
    find "$work/$name" \( -name '*.pdb' -o -name '*.xml' -o -name '*.staticwebassets.*' \) -delete
    cp -r samples/registry "$work/$name/sample"
    case $runtime in linux-*) cp deploy/systemd/* "$work/$name" ;; esac
    # Files of packages have the modes that they have on this machine.
    find "$work/$name" \( -type d -o -name registry-index \) -exec chmod 755 {} + -o -exec chmod 644 {} +
    find "$work/$name" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
    case $runtime in
        win-*) (cd "$work" && find "$name" | LC_ALL=C sort | zip -q -X -@ "$to/$name.zip") ;;
        *) tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --format=ustar -c "$name" | gzip -9n > "$to/$name.tar.gz" ;;
    esac
done

# Without the package that must not be redistributed, which no file contains.
dotnet tool restore > /dev/null
dotnet CycloneDX src/RegistryIndex.Server/RegistryIndex.Server.csproj -ns -spv 1.6 -ef Microsoft.Identity.Client.NativeInterop -sn registry-index -sv "$version" -F Json -o "$to" -fn "registry-index-$version.cdx.json" > "$work/sbom.log" || { cat "$work/sbom.log" >&2; exit 1; }
sed -i "s/\"timestamp\": \"[^\"]*\"/\"timestamp\": \"$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)\"/" "$to/registry-index-$version.cdx.json"

if [ ! "$quick" ]; then
    dotnet pack RegistryIndex.sln -c Release -o "$to" -p:Version="$version" -nologo -v quiet
    for architecture in amd64:linux-x64 arm64:linux-arm64; do
        eng/image.sh "${debian[@]}" "$to/registry-index-$version-image-${architecture%:*}.tar" -r "${architecture#*:}" --artifacts-path "$build" "${options[@]}"
    done
fi
(cd "$to" && sha256sum -- * > "$work/SHA256SUMS" && mv "$work/SHA256SUMS" .)
echo "$version is in $to:"
ls -l --block-size=K "$to" | awk 'NR > 1 { print $5, $9 }'
