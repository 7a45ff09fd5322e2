#!/bin/sh
# Creates Temporal's two databases in PostgreSQL and brings their schemas up to date. Runs at every start: what is there
# is left as it is.
#
#   DATABASE_HOST, DATABASE_USER   where, and as whom
#   DATABASE_PORT                  default: 5432
#   SQL_PASSWORD                   the password
#   SQL_TLS=true                   over TLS; with it, as temporal-sql-tool reads them: SQL_TLS_CA_FILE, SQL_TLS_CERT_FILE,
#                                  SQL_TLS_KEY_FILE, SQL_TLS_SERVER_NAME, SQL_TLS_DISABLE_HOST_VERIFICATION
#   SCHEMAS                        default: /etc/temporal/schema/postgresql/v12
set -eu

SCHEMAS=${SCHEMAS:-/etc/temporal/schema/postgresql/v12}

sql() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --endpoint "$DATABASE_HOST" --port "${DATABASE_PORT:-5432}" \
    --user "$DATABASE_USER" --database "$database" "$@"
}

for pair in temporal:temporal temporal_visibility:visibility; do
  database=${pair%%:*}
  schema=${pair##*:}
  sql "$database" create
  sql "$database" setup-schema --version 0.0
  sql "$database" update-schema --schema-dir "$SCHEMAS/$schema/versioned"
done
