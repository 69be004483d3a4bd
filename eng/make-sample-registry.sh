#!/usr/bin/env bash
# Recreates samples/registry: the storage of a real registry (distribution) after a push of some dozens of small images.
# Needs docker-registry and skopeo (on Debian: apt-get install --no-install-recommends docker-registry skopeo).
set -euo pipefail
cd "$(dirname "$0")/.."

# name | tags | where the description is | description
#   annotation: in the manifest; label: in the config; index: in the annotations of an index of two platforms;
#   platforms: in the images of an index, which has none itself; none: no description
# A clone does not keep the times of files, so repositories with several tags have the tag latest.
# No name has a segment that .gitignore excludes (bin, obj, artifacts).
repositories() {
    cat <<'LIST'
alpine|3.20 3.21 latest|label|A very small Linux: the base of most of our images
debian|bookworm latest|label|Debian stable with our certificates and time zone
postgres|15 16 latest|annotation|PostgreSQL with PostGIS, pg_trgm and nightly backups
redis|7 latest|annotation|Redis: the in-memory cache that every service may use
nginx|1.27 latest|index|nginx as reverse proxy, with our TLS settings
rabbitmq|3.13|annotation|RabbitMQ with the management console
grafana|latest|annotation|Dashboards for all teams 📈
prometheus|latest|annotation|Metrics and alerts; scrapes every namespace
registry|2.8|label|The container registry that serves these images
base/dotnet|9.0 10.0 latest|platforms|.NET runtime on Debian, without root
base/java|17 21 latest|label|OpenJDK with a heap that fits its container
base/node|20 22 latest|annotation|Node.js with npm, for building web front ends
base/python|3.11 3.12 latest|annotation|Python with pip and a compiler for wheels
tools/curl|latest|annotation|curl and jq, to look around in a cluster
tools/backup|1.4.0 latest|label|Copies volumes and databases to the object store at night
tools/db-migrate|latest|annotation|Applies schema migrations to PostgreSQL before a release
tools/scratchpad|latest|none|
team/shop|2024.11 latest|annotation|The web shop as one image, for demonstrations
team/shop/web|1.8.0 1.9.0 latest|index|Web front end of the shop
team/shop/api|1.9.0 latest|annotation|HTTP interface of the shop: catalog, cart and checkout
team/shop/search|latest|annotation|Product search of the shop, fed from the catalog
team/shop/payments|3.2.1 latest|label|Card payments and refunds; talks to the bank
team/shop/worker|latest|annotation|Background jobs: mails, invoices, stock levels
team/billing/invoices|latest|annotation|Erstellt Rechnungen als PDF und prüft die Umsatzsteuer
team/billing/ledger|2.0 latest|annotation|Das Hauptbuch: Buchungen, Abschlüsse, Auswertungen für die Geschäftsführung
team/billing/mahnung|latest|label|Mahnt säumige Kunden freundlich, dann weniger freundlich
team/mobile/push|latest|annotation|Sends push messages to phones 📱
team/mobile/gateway|1.0 latest|annotation|The one address that the mobile apps talk to
team-tokyo/shop-ja|1.2 latest|annotation|日本語のショップ画面
team-tokyo/address|latest|label|郵便番号から住所を検索するサービス
platform/ci|latest|annotation|The build server itself
platform/ci/runner|5.1 latest|platforms|Runs build jobs; one container for each job
platform/ci/runner/windows-cross|latest|annotation|Runner with a cross compiler for Windows
platform/ci/cache|latest|annotation|Keeps packages close to the runners
platform/ingress|latest|annotation|Lets traffic into the cluster, with rate limits
platform/logging/collector|latest|annotation|Ships the logs of all containers to the log store
platform/logging/store|latest|annotation|Holds logs for thirty days, searchable
platform/secrets|latest|label|Hands secrets to services that may have them
research/vision/models/segmentation|0.3 latest|annotation|Segments product photos: background away
research/vision/models/ocr|latest|annotation|Reads text from scanned delivery notes
research/notebooks|latest|annotation|Jupyter with the figures of the last quarter
legacy/crm_2009|final|label|The old customer database, read only; ask before you touch it
LIST
}

work=$(mktemp -d)
registry=
cleanup() {
    [ -z "$registry" ] || kill "$registry" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

# serve DIRECTORY: starts a registry on it and sets $address
serve() {
    printf '%s\n' 'version: 0.1' 'storage:' '  filesystem:' "    rootdirectory: $1" \
        '  maintenance:' '    uploadpurging:' '      enabled: false' 'http:' '  addr: 127.0.0.1:0' > "$work/config.yml"
    docker-registry serve "$work/config.yml" > "$work/log" 2>&1 &
    registry=$!
    for _ in $(seq 100); do
        address=$(sed -n 's/.*listening on \(127\.0\.0\.1:[0-9]*\).*/\1/p' "$work/log")
        [ -z "$address" ] || return 0
        sleep 0.1
    done
    cat "$work/log" >&2
    exit 1
}

stop() {
    kill "$registry"
    wait "$registry" 2>/dev/null || true
    registry=
}

# blob MEDIA-TYPE EXTRA-FIELDS < content: adds a blob to the layout in $layout and prints its descriptor
blob() {
    local file hex
    file=$(mktemp -p "$work")
    cat > "$file"
    hex=$(sha256sum < "$file" | cut -d' ' -f1)
    printf '{"mediaType":"%s","digest":"sha256:%s","size":%d%s}' "$1" "$hex" "$(stat -c %s "$file")" "$2"
    mv "$file" "$layout/blobs/sha256/$hex"
}

key=org.opencontainers.image.description
oci=application/vnd.oci.image

# described FIELD KIND: prints the field with the description, if the repository has it in this kind of place
described() {
    [ "$where" != "$2" ] || printf '"%s":{"%s":"%s"},' "$1" "$key" "$description"
}

# image ARCHITECTURE: prints the descriptor of an image. All images share one empty layer
image() {
    local layer config labels
    layer=$(gzip -9n < "$work/layer.tar" | blob $oci.layer.v1.tar+gzip '')
    labels=$(described Labels label)$(described Labels platforms)
    config=$(printf '{"architecture":"%s","os":"linux","config":{%s},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$1" "${labels%,}" "$(sha256sum < "$work/layer.tar" | cut -d' ' -f1)" | blob $oci.config.v1+json '')
    printf '{"schemaVersion":2,"mediaType":"%s",%s"config":%s,"layers":[%s]}' \
        $oci.manifest.v1+json "$(described annotations annotation)" "$config" "$layer" \
        | blob $oci.manifest.v1+json ",\"platform\":{\"os\":\"linux\",\"architecture\":\"$1\"}"
}

head -c 1024 /dev/zero > "$work/layer.tar"
mkdir "$work/root"
serve "$work/root"
while IFS='|' read -r name tags where description; do
    layout=$(mktemp -d -p "$work")
    mkdir -p "$layout/blobs/sha256"
    echo '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
    case $where in
        index | platforms)
            top=$(printf '{"schemaVersion":2,"mediaType":"%s",%s"manifests":[%s,%s]}' \
                $oci.index.v1+json "$(described annotations index)" "$(image amd64)" "$(image arm64)" | blob $oci.index.v1+json '') ;;
        *) top=$(image amd64) ;;
    esac
    echo "{\"schemaVersion\":2,\"manifests\":[$top]}" > "$layout/index.json"
    for tag in $tags; do
        skopeo --insecure-policy copy --quiet --all --dest-tls-verify=false "oci:$layout" "docker://$address/$name:$tag" < /dev/null
    done
done < <(repositories)
stop

# Git does not keep empty directories, so those of finished uploads are removed now. The registry must work without them.
find "$work/root" -depth -type d -empty -delete
rm -rf samples/registry
mkdir -p samples
cp -r "$work/root" samples/registry

serve "$work/root"
while IFS='|' read -r name tags _; do
    for tag in $tags; do
        skopeo inspect --tls-verify=false "docker://$address/$name:$tag" < /dev/null > /dev/null
    done
done < <(repositories)
stop
echo "samples/registry: $(repositories | wc -l) repositories, $(find samples/registry -type f | wc -l) files, $(find samples/registry -type f -printf '%s\n' | awk '{ n += $1 } END { print n }') bytes"
