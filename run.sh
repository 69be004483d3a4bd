#!/usr/bin/env bash
# Builds the server and runs it; any arguments go to `registry-index serve`. Without a storage or configuration of your
# own it serves the sample registry that comes with the project. Needs the .NET 10 SDK and nothing else.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command -v dotnet >/dev/null || { echo "run.sh: the .NET 10 SDK is not installed (https://dotnet.microsoft.com/download)." >&2; exit 1; }

dotnet build "$here/src/RegistryIndex.Server" -c Release -v quiet -nologo >&2

case " $* " in
*" --storage-path"* | *" --config"* | *" -c "* | *" --help "* | *" -h "*) ;;
*)
    if [ -z "${DOCKER_REGISTRY_CONFIG:-}${REGISTRYINDEX__STORAGE_PATH:-}${STORAGE_PATH:-}" ]; then
        mkdir -p "$here/artifacts"
        export REGISTRYINDEX__STORAGE_PATH=$here/samples/registry
        export REGISTRYINDEX__SQLALCHEMY_INDEX_DATABASE=${REGISTRYINDEX__SQLALCHEMY_INDEX_DATABASE:-sqlite:///$here/artifacts/sample.db}
        cat >&2 <<'TRY'

Serving the sample registry. Try, in another terminal:
  curl 'http://127.0.0.1:5080/v1/search?q=web'
  podman search --tls-verify=false 127.0.0.1:5080/web
  docker search 127.0.0.1:5080/web
Your own: ./run.sh --storage-path /var/lib/registry

TRY
    fi
    ;;
esac
exec dotnet "$here/src/RegistryIndex.Server/bin/Release/net10.0/registry-index.dll" serve "$@"
