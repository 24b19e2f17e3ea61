-- Let go of what was only needed on the way.
-- reads: nothing   writes: temporary tables
drop table if exists spoken;
drop table if exists said;
drop table if exists members;
