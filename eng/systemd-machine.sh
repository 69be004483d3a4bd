#!/bin/bash
# systemd-machine.sh WORK PROGRAM: boots this machine's systemd in namespaces of its own, with the unit of deploy/systemd. PROGRAM is the directory
# of the unit's program. All changes to the root are in memory. `nsenter -a -t CHILD` runs a program in the machine, where CHILD is the child
# process of this script. The machine ends with the script. Needs root.
set -euo pipefail
if [ "${3:-}" != inside ]; then
    exec unshare --pid --mount --net --uts --ipc --cgroup --fork --kill-child "$0" "$1" "$2" inside
fi
here=$(dirname "$(readlink -f "$0")")
root=$1/root layers=$1/layers
mount --make-rprivate /
mkdir -p "$root" "$layers"
mount -t tmpfs tmpfs "$layers"
mkdir "$layers"/{upper,work}
mount -t overlay overlay -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -o bind,ro "$root/proc/sys" "$root/proc/sys" # the real machine has the same
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root"/dev/{pts,shm}
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
while read -r name major minor; do
    mknod -m 666 "$root/dev/$name" c "$major" "$minor"
done <<< $'null 1 3\nzero 1 5\nfull 1 7\nrandom 1 8\nurandom 1 9\ntty 5 0'
for directory in dev/shm run tmp; do
    mount -t tmpfs -o mode=1777 tmpfs "$root/$directory"
done

# Nothing that the real machine runs or sets up for its hardware.
rm -rf "$root/etc/systemd/system" "$root/etc/registry-index" "$root/var/lib/registry-index" "$root/var/lib/private" "$root/opt/registry-index"
mkdir -p "$root/etc/systemd/system/registry-index.service.d" "$root/etc/registry-index" "$root/opt/registry-index"
cp "$here/../deploy/systemd/registry-index.service" "$root/etc/systemd/system"
mount --bind -o ro "$2" "$root/opt/registry-index"
ln -sf /opt/registry-index/registry-index "$root/usr/local/bin"
for service in binfmt modules-load random-seed remount-fs sysctl sysusers tmpfiles-setup-dev udevd udev-trigger; do
    ln -s /dev/null "$root/etc/systemd/system/systemd-$service.service"
done
ip link set lo up
hostname machine
cd "$root"
pivot_root . tmp
umount -l /tmp
mount --make-rshared /
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=basic.target
