-- A row lives for a moment, so that nearly all that is in the table has gone. What is left of it makes each look for what
-- waits longer; vacuuming a table that is nearly empty is cheap, and need not be done slowly.
alter table outbox set (autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0);
