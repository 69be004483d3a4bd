#!/bin/bash
# try-documents.sh [--quick]: follows README.md, docs/with-distribution.md and docs/migrating.md as they are written, in a
# bare Debian that has the .NET SDK and the programs that they name, as root and as another user. Needs root, on Debian.
# --quick builds once and omits docs/migrating.md. It runs for every change. If the machine does not permit a root file
# system, it says so and tests nothing; the full run then fails. The full run needs what ./test.sh installs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
quick=
[ "${1:-}" != --quick ] || quick=1

cannot() {
    echo "try-documents.sh: the documents were not tried, as $1." >&2
    [ "$quick" ] && exit 0 || exit 1
}

[ "$(id -u)" = 0 ] || cannot "that needs root, for a root file system of its own"
eng/install.sh debootstrap:debootstrap || cannot "there is no debootstrap here"

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/registry-index-documents
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$cache" "$work/clone" "$work/layers"
ln -s "$cache/root" "$work/root"
changed=$(git stash create)
git archive "${changed:-HEAD}" | tar -x -C "$work/clone"

eng/documents/root.sh "$cache/root" || cannot "no bare Debian can be made here"
eng/documents/machine.sh "$work" root || cannot "this machine does not let root mount one"

# A document with a mistake must fail. This one does not create the directories.
grep -v '^mkdir ' docs/with-distribution.md > "$work/clone/docs/with-a-mistake.md"
if eng/documents/machine.sh "$work" root docs/with-a-mistake.md > "$work/mistake.log" 2>&1 || ! grep -q 'this failed: openssl .*/etc/registry-index/' "$work/mistake.log"; then
    cat "$work/mistake.log"
    echo "try-documents.sh: the mistake in a document was not found." >&2
    exit 1
fi

# The machines have no network. A clone that is deleted afterwards downloads what a build needs.
cp -r "$work/clone" "$work/restored"
for options in '' '-r linux-x64 -p:PublishReadyToRun=true'; do
    # shellcheck disable=SC2086
    (cd "$work/restored" && dotnet restore src/RegistryIndex.Server -v quiet $options)
done

if [ "$quick" ]; then
    eng/documents/machine.sh "$work" reader README.md docs/with-distribution.md
    eng/documents/machine.sh "$work" root docs/with-distribution.md
else
    for user in reader root; do
        rm -rf "$work/installed"
        eng/documents/machine.sh "$work" "$user" README.md docs/with-distribution.md docs/migrating.md
    done
fi
echo "The documents work as they are written ($SECONDS s)."
