-- The user directory. Filled from outside; the processor only reads it, but for its first content.
create table users (
  id      text primary key,
  name    text,
  tier    text    not null default 'free',
  is_test boolean not null default false
);
