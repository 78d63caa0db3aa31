-- The foreign key had each event's row looked up and locked once more when its document was written. A document is made
-- from an event that is there; when events are deleted, this takes their documents with them.
alter table event_search drop constraint event_search_event_id_fkey;

create function forget_documents() returns trigger language plpgsql as $$
begin
  delete from event_search using gone where event_search.event_id = gone.id;
  return null;
end
$$;

create trigger events_deleted after delete on events
  referencing old table as gone for each statement execute function forget_documents();
