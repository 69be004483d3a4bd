#!/usr/bin/env bash
# release.sh VERSION: makes the packages of that version, their checksums and the notes in artifacts/release. Publishes nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=${1:-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || { echo "release.sh: '$version' is no version; give one such as 1.2.3 or 1.2.3-rc.1." >&2; exit 2; }
to=$PWD/artifacts/release
rm -rf "$to"
mkdir -p "$to"

CI=true dotnet pack RegistryIndex.sln -c Release -o "$to" -p:Version="$version" -nologo -v quiet
# What the changelog says of this version, or of what is not released yet.
awk -v version="$version" '/^## / { if (found) exit; found = index($0, version) || tolower($0) ~ /unreleased/; next } found' CHANGELOG.md > "$to/NOTES.md"
[ -s "$to/NOTES.md" ] || { echo "release.sh: CHANGELOG.md has no section for $version and none that is unreleased; write one." >&2; exit 1; }
(cd "$to" && sha256sum -- *.nupkg *.snupkg > SHA256SUMS)
echo "$(find "$to" -name '*.nupkg' | wc -l) packages of $version in artifacts/release."
