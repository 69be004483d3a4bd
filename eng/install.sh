#!/usr/bin/env bash
# install.sh COMMAND:PACKAGE…: installs the Debian packages whose command is missing. Needs root. One caller runs at a time.
set -euo pipefail
exec 9< "${BASH_SOURCE[0]}"
flock 9
missing=()
for part in "$@"; do
    command -v "${part%%:*}" >/dev/null || missing+=("${part##*:}")
done
[ ${#missing[@]} -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "Please install ${missing[*]} (on Debian as root this script does it itself)." >&2
    exit 1
fi
echo "Installing ${missing[*]} from Debian."
# A service that starts on installation must not inherit the lock.
apt-get update -qq 9<&-
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" 9<&-
