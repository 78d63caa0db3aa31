-- Run once by the superuser, when the database cluster is made: the agents' user owns its database and is nothing else. The
-- superuser gets no password, so that it can come in only as pg_hba.conf says: as the user who runs PostgreSQL.

do $$ begin
  execute format('create role pipeline login nosuperuser nocreatedb nocreaterole noreplication password %L',
    rtrim(pg_read_file('/run/password/password'), E'\n'));
end $$;

create database events owner pipeline;

revoke all on database events from public;

alter role postgres password null;

