-- List the personas that have members.
-- reads: members   writes: nothing
select distinct persona_id from members order by persona_id;
