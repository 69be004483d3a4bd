#!/usr/bin/env bash
# debian-base.sh OUT PACKAGE…: writes a root file system of those Debian packages as a tar. It has no shell and no programs, dpkg's status for
# scanners, and the user 1654 as in .NET's images. KEEP_PROGRAMS=1 keeps /usr/bin, ARCHITECTURE=arm64 takes the packages of that architecture.
# The output is reproducible. Needs root, on Debian.
set -euo pipefail
out=$(realpath -m "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
debs=$work/debs root=$work/root
mkdir -p "$debs" "$root"/usr/{bin,sbin,lib,lib64} "$root"/etc/ssl/certs "$root"/home/app "$root"/var/lib/dpkg/status.d "$root"/{tmp,proc,sys,dev,run,root}
chmod 0755 "$root"
apt=(-qq -o APT::Sandbox::User=root)
if [ "${ARCHITECTURE:-$(dpkg --print-architecture)}" != "$(dpkg --print-architecture)" ]; then
    mkdir -p "$work/lists/partial" "$work/cache"
    apt+=(-o APT::Architecture="$ARCHITECTURE" -o APT::Architectures::="$ARCHITECTURE" -o Dir::State::Lists="$work/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache")
    apt-get "${apt[@]}" update
fi
(cd "$debs" && apt-get "${apt[@]}" download "$@")
for link in bin sbin lib lib64; do
    ln -s "usr/$link" "$root/$link"
done

leave=('./usr/share/man' './usr/share/lintian' './usr/share/gdb' './usr/share/gcc' './usr/share/bug' './usr/share/doc/*/changelog*' './usr/share/doc/*/NEWS*'
    '*/gconv' '*/engines-3' '*/libicutest*' '*/libicutu*' '*/libicuio*' '*/libmvec.so*' '*/libthread_db.so*' '*/libc_malloc_debug.so*'
    './usr/share/zoneinfo/right' './etc/update-motd.d')
[ "${KEEP_PROGRAMS:-0}" = 1 ] || leave+=('./usr/bin/*' './usr/sbin/*')
for deb in "$debs"/*.deb; do
    # Through tar, because dpkg-deb -x would replace the links of a merged /usr with directories.
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink --no-same-owner "${leave[@]/#/--exclude=}"
    name=$(dpkg-deb -f "$deb" Package)
    {
        echo "Package: $name"
        echo 'Status: install ok installed'
        dpkg-deb -f "$deb" Version Architecture Source Maintainer Depends Description | sed '/^ /d'
    } > "$root/var/lib/dpkg/status.d/$name"
done

if [ -d "$root/usr/share/ca-certificates" ]; then
    cat "$root"/usr/share/ca-certificates/mozilla/*.crt > "$root/etc/ssl/certs/ca-certificates.crt"
    rm -rf "$root/usr/share/ca-certificates"
fi
printf 'root:x:0:0:root:/root:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\nnobody:x:65534:65534::/nonexistent:/sbin/nologin\n' > "$root/etc/passwd"
printf 'root:x:0:\napp:x:1654:\nnogroup:x:65534:\n' > "$root/etc/group"
printf 'hosts: files dns\n' > "$root/etc/nsswitch.conf"
chmod 1777 "$root/tmp"
chown 1654:1654 "$root/home/app"
tar -C "$root" --sort=name --mtime="@${SOURCE_DATE_EPOCH:-1750000000}" --numeric-owner --format=posix \
    --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime -cf "$out" .
