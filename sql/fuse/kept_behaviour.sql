-- Select the behaviour of the kept documents, in order of their ids.
-- reads: behaviour, dropped   writes: nothing
select * exclude (doc_id) from behaviour where doc_id not in (select doc_id from dropped) order by doc_id;
