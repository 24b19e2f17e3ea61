-- Insert the stance of every document, that of its text; unclear for one that was not judged.
-- reads: documents, incoming, $threshold   writes: stances
insert into stances
select
    d.doc_id, case when i.probability >= $threshold then i.best_stance else 'unclear' end as stance,
    i.probability, i.best_stance, i.runner_up, i.runner_up_probability
from documents as d
left join incoming as i using (text_hash)
order by d.doc_id;
