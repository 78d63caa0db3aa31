create table events (
  id          text primary key,
  type        text        not null,
  "timestamp" timestamptz not null,
  user_id     text        not null,
  user_name   text,
  user_tier   text        not null,
  -- json, not jsonb: the text as it came, members in their order, numbers of any size
  properties  json        not null,
  source      text        not null,
  day_of_week text        not null,
  hour        smallint    not null,
  version     text        not null,
  stored_at   timestamptz not null default now()
);

create index events_timestamp on events ("timestamp");

-- What still has to reach the other destinations; written in the transaction of the events.
-- A batch is named by its first item and stays together until it is delivered.
create table outbox (
  id          bigint generated always as identity primary key,
  destination text        not null,
  event_ids   text[]      not null,
  traceparent text,
  origin      json        not null,
  queued_at   timestamptz not null default now(),
  batch       bigint,
  attempts    int         not null default 0,
  not_before  timestamptz not null default now()
);

create index outbox_unassigned on outbox (destination, id) where batch is null;
create index outbox_batches on outbox (destination, batch) where batch is not null;

-- What a destination would not take; a dead letter tells why, and its replay queues it again.
create table undelivered (
  event_id    text not null references events (id) on delete cascade,
  destination text not null,
  primary key (event_id, destination)
);

create table event_search (
  event_id text primary key references events (id) on delete cascade,
  document tsvector not null
);

create index event_search_document on event_search using gin (document);

create table event_counts (
  day       date     not null,
  hour      smallint not null,
  type      text     not null,
  user_tier text     not null,
  events    bigint   not null,
  primary key (day, hour, type, user_tier)
);

-- Tells the files of this database from those of another one in the same warehouse.
create table warehouse (
  id uuid primary key default gen_random_uuid()
);

insert into warehouse default values;
