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

-- Items of delivered batches lie in the indexes until they are vacuumed. One index finds the items of a batch, the other the
-- batches that are due; neither has a search walk over those that are gone.
drop index outbox_batches;
create index outbox_batches on outbox (batch) where batch is not null;
create index outbox_due on outbox (destination, batch) where batch = id;
