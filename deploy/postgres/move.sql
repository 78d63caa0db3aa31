-- For a database that was made when `pipeline` was its superuser: what bears that name becomes `postgres`, and a new `pipeline`,
-- with the same password, owns the database and what is in it. docs/runbook.md says how it is run; all of it or nothing happens.

create role mover superuser;
set session authorization mover;
alter role pipeline rename to postgres;

do $$
declare
  hash text := (select rolpassword from pg_authid where rolname = 'postgres');
  made record;
begin
  execute format('create role pipeline login nosuperuser nocreatedb nocreaterole noreplication password %L', hash);
  alter role postgres password null;
  alter database events owner to pipeline;
  revoke all on database events from public;
  -- Sequences of identity columns and indexes go with their tables.
  for made in
    select format('alter table %s owner to pipeline', oid::regclass) as command from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
    union all
    select format('alter routine %s owner to pipeline', oid::regprocedure) from pg_proc where pronamespace = 'public'::regnamespace
  loop
    execute made.command;
  end loop;
end $$;

reset session authorization;
drop role mover;
