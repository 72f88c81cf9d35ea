#!/usr/bin/env bash
# Run a command against a PostgreSQL and a Redis of its own, on free ports in a temporary folder:
#     scripts/with_services.sh make test
# Both are stopped and deleted afterwards, whatever the command did. SERVICES_DIR keeps PostgreSQL's data in that folder
# for the next time, written as safely as a site's, with the memory that a server of 8 GB would give it.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
    [ -z "$redis_pid" ] || kill "$redis_pid" 2>/dev/null || true
    [ ! -f "$data/postmaster.pid" ] || postgres pg_ctl --pgdata "$data" --mode "$mode" stop || true
    [ -z "$redis_pid" ] || wait "$redis_pid" || true
    rm -rf "$folder"
} >/dev/null 2>&1

fail() {
    echo "$1" >&2
    exit 1
}

# Debian keeps PostgreSQL's programs, one folder per version, out of the PATH.
find_postgres() {
    local newest
    newest=$(find /usr/lib/postgresql -path '*/bin/pg_ctl' 2>/dev/null | sort -V | tail -n 1)
    [ -n "$newest" ] || newest=$(command -v pg_ctl) || fail "没有找到 PostgreSQL。(PostgreSQL is not installed.)"
    dirname "$newest"
}

# PostgreSQL refuses to run as root.
postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd "$folder" && runuser -u "$(getent passwd postgres nobody | head -n 1 | cut -d: -f1)" -- "$bin/$1" "${@:2}")
    else
        "$bin/$1" "${@:2}"
    fi
}

free_port() {
    .venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

bin=$(find_postgres)
command -v redis-server >/dev/null || fail "没有找到 redis-server。(Redis is not installed.)"

folder=$(mktemp -d)
data=${SERVICES_DIR:-$folder}/data
mode=$([ -z "${SERVICES_DIR:-}" ] && echo immediate || echo fast)
redis_pid=
trap stop EXIT

chmod 755 "$folder"
mkdir -p "$data" "$folder/socket"
[ "$(id -u)" != 0 ] || chown "$(getent passwd postgres nobody | head -n 1 | cut -d: -f1)" "$data" "$folder/socket"

postgres_port=$(free_port)
[ -f "$data/PG_VERSION" ] || postgres initdb --pgdata "$data" --username newsportal --auth trust --encoding UTF8 --locale C.UTF-8 >/dev/null
# What does not outlive the run need not be safe on disk.
settings="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off"
[ -z "${SERVICES_DIR:-}" ] || settings="-c shared_buffers=2GB -c effective_cache_size=6GB -c work_mem=32MB \
    -c maintenance_work_mem=2GB -c max_wal_size=8GB -c random_page_cost=1.1 \
    -c wal_level=minimal -c max_wal_senders=0"
postgres pg_ctl --pgdata "$data" --log "$data/log" --wait --options "-p $postgres_port \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder/socket $settings" start >/dev/null ||
    fail "PostgreSQL 没有启动：$(tail -n 1 "$data/log") (PostgreSQL did not start.)"

redis_port=$(free_port)
redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$folder" >"$folder/redis.log" 2>&1 &
redis_pid=$!
for _ in $(seq 100); do
    ! redis-cli -p "$redis_port" ping >/dev/null 2>&1 || break
    sleep 0.1
done

export DATABASE_URL="postgres://newsportal@127.0.0.1:$postgres_port/postgres"
export CACHE_URL="redis://127.0.0.1:$redis_port/0"
"$@"
