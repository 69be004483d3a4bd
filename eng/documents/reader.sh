#!/bin/bash
# reader.sh DOCUMENT: follows a document, block by block, like a reader with several terminals.
#   sh           run, line by line, in one shell. A line that starts a server gets a terminal of its own. The next server
#                of that kind ends it.
#   text         the output of the sh block before it. … stands for anything.
#   yaml, nginx  the content of the file whose path ends the paragraph before: "`/etc/registry/config.yml`:".
# If the paragraph before a block ends in "as root:", root runs it. A failure or different output ends the script.
set -uo pipefail
document=$1
blocks=$(mktemp -d)
output=$blocks/output
errors=$blocks/errors
declare -A server=() # kind -> process
awk -v dir="$blocks" -f "$(dirname "$0")/blocks.awk" "$document"

fail() {
    tail -n 20 "$output" "$errors" "$blocks"/*.log /tmp/registry-index.log 2> /dev/null
    printf '\n%s, as %s: %s\n' "$document" "$(id -un)" "$1" >&2
    exit 1
}

# Compares like a reader: the widths of columns do not count.
squeezed() { awk '{ $1 = $1; print }' "$1"; }

# Whether the output has each line of the document, in that order.
is_printed() {
    local line pattern
    exec 3< <(squeezed "$output")
    while IFS= read -r pattern; do
        pattern=$(sed 's/[][*?\\]/\\&/g; s/…/*/g' <<< "$pattern")
        while :; do
            IFS= read -r line <&3 || return 1
            # shellcheck disable=SC2053 # it is a pattern
            [[ $line == $pattern ]] && break
        done
    done < <(squeezed "$1")
}

stop() { # KIND
    [ -n "${server[$1]:-}" ] || return 0
    kill "${server[$1]}" 2> /dev/null
    wait "${server[$1]}" 2> /dev/null
    unset "server[$1]"
}

serve() { # KIND LINE
    local log=$blocks/$1.log
    stop "$1"
    (eval "exec $2") > "$log" 2>&1 < /dev/null &
    server[$1]=$!
    for _ in $(seq 3000); do
        ! grep -q 'listening on' "$log" || return 0
        kill -0 "${server[$1]}" 2> /dev/null || break
        sleep 0.1
    done
    fail "it does not serve: $2"
}

is_question() { [[ $1 =~ ^(curl|podman\ search|registry-index\ (search|status))\  ]]; }

# Returns failure if a command that only reads got no answer. Any other failure is a mistake of the document.
run() { # FILE
    local line
    : > "$output"
    : > "$errors"
    while IFS= read -r line; do
        case $line in
        './run.sh'* | 'registry-index serve'*) serve index "$line" ;;
        'docker-registry serve'*) serve registry "$line" ;;
        'docker search'*) ;; # there is no Docker engine here
        *) eval "$line" >> "$output" 2>> "$errors" < /dev/null || { is_question "$line" && return 1; } || fail "this failed: $line" ;;
        esac
    done < "$1"
}

# Servers load and start in the background, so commands that only read are repeated until the answer arrives.
ask() { # FILE EXPECTED
    local line
    run "$1" && is_printed "$2" && return
    while IFS= read -r line; do ! is_question "$line" || printf '%s\n' "$line"; done < "$1" > "$blocks/questions"
    [ -s "$blocks/questions" ] || return
    for _ in $(seq 300); do
        sleep 0.2
        run "$blocks/questions" && is_printed "$2" && return
    done
    return 1
}

as_root() { [ "$(id -u)" = 0 ] && bash -ec "$1" || su -c "bash -ec $(printf %q "$1")"; }

for block in "$blocks"/[0-9]*; do
    before=$(cat "${block%.*}.before" 2> /dev/null)
    number=$(basename "${block%.*}")
    next=$(printf '%s/%03d' "$blocks" $((10#$number + 1)))
    [[ $block == *.before || $block == *.text ]] || echo "--- $document $number ($(id -un))"
    case $block in
    *.sh)
        cat "$block"
        if [[ ${before,,} == *'as root:' ]]; then
            as_root "$(cat "$block")" || fail "this failed, as root: $(cat "$block")"
        elif [ -e "$next.text" ]; then
            ask "$block" "$next.text" || fail "it never printed: $(cat "$next.text")"
        else
            run "$block" || fail "this was not answered: $(cat "$block")"
        fi
        ;;
    *.yaml | *.nginx)
        file=$(grep -o '`/[^`]*`' <<< "$before" | tail -1 | tr -d '`')
        [ -n "$file" ] || continue # it is an example, not a file
        echo "writes $file"
        if [[ $before == *'as root:' ]]; then
            as_root "cat > $file <<'EOT'"$'\n'"$(cat "$block")"$'\nEOT'
        else
            cat "$block" > "$file"
        fi || fail "$file cannot be written"
        ;;
    esac
done
for kind in "${!server[@]}"; do
    stop "$kind"
done
