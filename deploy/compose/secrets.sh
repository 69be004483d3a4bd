#!/bin/sh
# secrets.sh: makes what compose.yaml mounts, in secrets/: the secret of the registry's events, the user index and its password, and a
# certificate of localhost for a trial, to be replaced by yours. Needs openssl and htpasswd (Debian's apache2-utils).
set -eu
cd "$(dirname "$0")"
[ ! -e secrets ] || { echo "secrets.sh: secrets/ already exists and is not changed: remove it to create new secrets." >&2; exit 1; }
for program in openssl htpasswd; do
    command -v $program > /dev/null || { echo "secrets.sh: there is no $program here; on Debian, apt-get install openssl apache2-utils." >&2; exit 1; }
done
# No other user of this machine enters the directory. In the containers each program may read what is mounted for it, as its own user.
umask 077
mkdir secrets
cd secrets
openssl rand -hex 32 > events-secret
openssl rand -hex 32 > registry-password
htpasswd -ciB htpasswd index < registry-password
sed "s/EVENTS_SECRET/$(cat events-secret)/" ../registry.yml > registry.yml
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout tls.key -out tls.crt 2> /dev/null
chmod 644 ./*
echo "The secrets are in $PWD. Add a user: htpasswd -B $PWD/htpasswd NAME"
