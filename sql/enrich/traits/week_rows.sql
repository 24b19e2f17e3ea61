-- Give every persona's weeks in order.
-- reads: weeks   writes: nothing
select persona_id, number, n, total from weeks order by persona_id, week;
