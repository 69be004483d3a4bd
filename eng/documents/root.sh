#!/bin/bash
# root.sh DIRECTORY: makes a bare root of Debian with the programs that the documents name, from this machine's apt sources.
set -euo pipefail
root=$1
packages=(
    podman uidmap curl docker-registry apache2-utils openssl nginx-light # the documents'
    ca-certificates libicu72                                            # the .NET SDK's
    sqlite3                                                             # makes a predecessor's database
)
made=$root/made-with
[ "$(cat "$made" 2> /dev/null)" != "${packages[*]}" ] || exit 0

suite=bookworm
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $suite" 'Component: main' | head -1)
[ -n "$mirror" ] || { echo "root.sh: this machine has no apt source of Debian $suite." >&2; exit 1; }
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
export http_proxy https_proxy

rm -rf "$root"
mkdir -p "$root"
debootstrap --variant=minbase "$suite" "$root" "$mirror" > "$root.log" || { tail "$root.log" >&2; exit 1; }
apt-config dump | grep '^Acquire::https\?::Proxy' > "$root/etc/apt/apt.conf.d/proxy" || true
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d" # no service starts
chmod +x "$root/usr/sbin/policy-rc.d"
cp -L /etc/resolv.conf "$root/etc/"
chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >> "$root.log" 2>&1 \
    || { tail "$root.log" >&2; exit 1; }
rm -rf "$root"/var/cache/apt/archives/*.deb
chroot "$root" passwd -qd root # "as root" is su
chroot "$root" useradd --create-home --shell /bin/bash reader
echo "${packages[*]}" > "$made"
