-- Select the reduced coordinates of the kept documents, in order of their ids.
-- reads: reduced   writes: nothing
select vector from reduced order by doc_id;
