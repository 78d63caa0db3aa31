-- Storage puts text in lower case letter by letter, and so does this, whatever the database's own locale is. A word that is
-- too long to be indexed is left out of a search, too: PostgreSQL would refuse the whole of it.
create or replace function search_words(wanted text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct word), '{}')
  from regexp_split_to_table(lower(wanted collate pg_c_utf8),
    '[\u0001-/:-@\[-`{-\u00bf\u00d7\u00f7\u2000-\u206f\u3000-\u303f]+') as word
  where word <> '' and octet_length(word) <= 2046
$$;

-- Until now storage wrote a capital sigma at the end of a word as the small one that stands there, and the dotted capital I as
-- two characters. What may have such words is indexed again, by the way that new events take.
with old as (
  delete from search_segments where words::text ~ '\u03c2|i\u0307' returning array_remove(event_ids, null) as event_ids)
insert into outbox (destination, event_ids, origin)
select 'search', event_ids,
  '{"agent": "storage", "capability": "store_event", "caller_spiffe_id": "", "caller_svid_serial": "", "request_id": "", "decision_id": "", "policy_revision": ""}'
from old where cardinality(event_ids) > 0;
