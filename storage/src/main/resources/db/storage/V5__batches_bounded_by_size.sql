-- What a batch of the warehouse weighs is bounded, and an item says what it adds. Of those that are queued already nobody
-- knows; they count as nothing, and the warehouse's files take a batch of any size in little memory.
alter table outbox add column bytes bigint not null default 0;
