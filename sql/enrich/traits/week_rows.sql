-- Select the weeks of every persona in order.
-- reads: weeks   writes: nothing
select persona_id, number, n, total from weeks order by persona_id, week;
