#!/usr/bin/env bash
# Makes the database cluster on first use, as the upstream image does, then runs PostgreSQL. Knows POSTGRES_USER,
# POSTGRES_DB, POSTGRES_PASSWORD, POSTGRES_PASSWORD_FILE and *.sql in /docker-entrypoint-initdb.d: there is no psql here, so each
# command in those ends with a semicolon and an empty line.
set -euo pipefail

case ${1:-} in -*) set -- postgres "$@" ;; esac
[ "${1:-}" = postgres ] || exec "$@"

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  password=${POSTGRES_PASSWORD:-}
  [ -z "${POSTGRES_PASSWORD_FILE:-}" ] || password=$(cat "$POSTGRES_PASSWORD_FILE")
  [ -n "$password" ] || { echo "postgres: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE" >&2; exit 1; }
  # It gets its name when it is complete: a start that was broken off begins anew.
  made=$PGDATA.new
  rm -rf "$made"
  mkdir -p "$made"
  chmod 700 "$made"
  initdb -D "$made" --username="$user" --pwfile=<(printf '%s\n' "$password") --auth-local=scram-sha-256 --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --data-checksums >/dev/null
  printf "\nlisten_addresses = '*'\n" >>"$made/postgresql.conf"
  printf '\nhost all all all scram-sha-256\n' >>"$made/pg_hba.conf"
  alone=(postgres --single -j -c exit_on_error=true -D "$made")
  [ "$database" = postgres ] || printf 'CREATE DATABASE "%s";\n' "$database" | "${alone[@]}" postgres >/dev/null
  for script in /docker-entrypoint-initdb.d/*.sql; do
    [ ! -e "$script" ] || "${alone[@]}" "$database" <"$script" >/dev/null
  done
  mv -T "$made" "$PGDATA"
  echo "postgres: made the database $database of $user"
fi
exec "$@"
