#!/usr/bin/env bash
# Builds the server and runs it, see --help. Needs the .NET 10 SDK and nothing else.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
program=$here/src/RegistryIndex.Server/bin/Release/net10.0/registry-index.dll

# Also where there is a runtime alone, or an SDK that is too old. The working directory chooses the SDK.
(cd "$here" && dotnet --version) >/dev/null 2>&1 \
    || { echo "run.sh: the .NET 10 SDK is not installed (https://dotnet.microsoft.com/download)." >&2; exit 1; }
(cd "$here" && dotnet build src/RegistryIndex.Server -c Release -v quiet -nologo -clp:NoSummary) >&2

for argument; do
    case $argument in -h | --help | '-?')
        cat <<'HELP'
Usage: ./run.sh [OPTION]...

Builds the server and runs `registry-index serve` with the options. Where neither they, nor the environment, nor a file of
settings name a registry, a storage or an index, it serves the sample registry of this project.

HELP
        exec dotnet "$program" serve --help ;;
    esac
done

# A file of one's own is served as it is, and one that is a pipe, such as <(…), can be read only once.
for argument; do
    [[ ! -p ${argument#--config=} ]] || exec dotnet "$program" serve "$@"
done

# What is set, by whichever way; a mistake ends here, warnings are for `serve` to say. A registry, a storage, an index or a file of one's own is served as it is.
settings=$(dotnet "$program" config "$@" 2> /dev/null) || settings=$(dotnet "$program" config "$@")
given() { grep -v '  (default)$' <<< "$settings"; }
if ! given | grep -Ei '^(registry|storage[^ ]*|s3_[^ ]*|boto_[^ ]*|search_backend|sqlalchemy_index_database) = ' > /dev/null \
    && ! given | grep -Ev '  \((command line|environment variable [^ ]*)\)$' > /dev/null; then
    url=$(sed -n 's/^urls = \([^; ]*\).*/\1/p' <<< "$settings")
    cat >&2 <<TRY

Serving the sample registry. Try, in another terminal:
  curl '$url/v1/search?q=web'
  podman search --tls-verify=false ${url#*://}/web
  docker search ${url#*://}/web
Your own: ./run.sh --storage-path /var/lib/registry

TRY
    export REGISTRYINDEX__STORAGE_PATH=$here/samples/registry REGISTRYINDEX__SQLALCHEMY_INDEX_DATABASE=sqlite://
fi
exec dotnet "$program" serve "$@"
