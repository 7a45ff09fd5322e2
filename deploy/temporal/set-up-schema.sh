#!/bin/sh
# Creates Temporal's two databases in PostgreSQL and brings their schemas up to date. Runs at every start: what is there
# is left as it is. The password is in SQL_PASSWORD.
set -eu

SCHEMAS=/etc/temporal/schema/postgresql/v12

sql() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --endpoint "$DATABASE_HOST" --port 5432 --user "$DATABASE_USER" \
    --database "$database" "$@"
}

for pair in temporal:temporal temporal_visibility:visibility; do
  database=${pair%%:*}
  schema=${pair##*:}
  sql "$database" create
  sql "$database" setup-schema --version 0.0
  sql "$database" update-schema --schema-dir "$SCHEMAS/$schema/versioned"
done
