#!/bin/sh
# Runs once, in an empty database server: a role that row security binds, and its database.
set -eu
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE prongsai LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE prongsai OWNER prongsai TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
SQL
