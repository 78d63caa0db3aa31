-- A document for each event cost four times what the event cost. Now some hundred events are one row, which has each of their
-- words once. In words, a place is not where the word stands but which of the events has it: event_ids[place].
create table search_segments (
  id        bigint generated always as identity primary key,
  event_ids text[]   not null,
  words     tsvector not null
);

-- Packing it would cost more than the room it takes.
alter table search_segments alter column words set storage external;

create index search_segments_words on search_segments using gin (words) with (gin_pending_list_limit = 16384);

-- The words that a text is found by; what parts them is the same list that the storage agent goes by.
create function search_words(wanted text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct word), '{}')
  from regexp_split_to_table(lower(wanted), '[\u0001-/:-@\[-`{-\u00bf\u00d7\u00f7\u2000-\u206f\u3000-\u303f]+') as word
  where word <> ''
$$;

-- The ids of the events that have all words of a text.
create function search_events(wanted text) returns setof text language sql stable as $$
  with asked as materialized (
    select search_words(wanted) as words,
      (select string_agg('''' || word || '''', ' & ')::tsquery from unnest(search_words(wanted)) as word) as query)
  select distinct events.id
  from (
    select segment.event_ids[place] as id
    from asked, search_segments as segment, unnest(segment.words) as had(lexeme, places, weights),
      unnest(had.places) as place
    where segment.words @@ asked.query and had.lexeme = any (asked.words)
    group by segment.id, segment.event_ids, place
    having count(*) = (select cardinality(words) from asked)) as found
  join events on events.id = found.id
$$;

-- A row for each event, made when it is asked for: good for looking at one or for a query of any form, not for finding one fast.
create view event_documents as
  select segment.event_ids[place] as event_id, array_to_tsvector(array_agg(had.lexeme)) as document
  from search_segments as segment, unnest(segment.words) as had(lexeme, places, weights),
    unnest(had.places) as place
  group by segment.id, segment.event_ids, place;

create or replace function forget_documents() returns trigger language plpgsql as $$
begin
  update search_segments as segment
  set event_ids = (
      select array_agg(case when gone.id is null then given.id end order by given.place)
      from unnest(segment.event_ids) with ordinality as given(id, place) left join gone on gone.id = given.id),
    words = coalesce((
      select string_agg('''' || kept.lexeme || ''':' || kept.places, ' ')
      from (
        select had.lexeme, string_agg(place::text, ',') as places
        from unnest(segment.words) as had(lexeme, places, weights), unnest(had.places) as place
        where not exists (select from gone where gone.id = segment.event_ids[place])
        group by had.lexeme) as kept), '')::tsvector
  where segment.event_ids && (select array_agg(id) from gone);
  return null;
end
$$;

-- What has a document now gets into a segment by the way that new events take.
insert into outbox (destination, event_ids, origin)
select 'search', array_agg(event_id),
  '{"agent": "storage", "capability": "store_event", "caller_spiffe_id": "", "caller_svid_serial": "", "request_id": "", "decision_id": "", "policy_revision": ""}'
from (select event_id, (row_number() over (order by event_id) - 1) / 1000 as part from event_search) as documents
group by part;

drop table event_search;
alter view event_documents rename to event_search;
