#!/bin/sh
# The role that serves: it owns nothing. Runs once, when the database is made, as the owner of the tables.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set password="$SERVING_PASSWORD" <<'SQL'
CREATE ROLE sendoff LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'password';
SQL
