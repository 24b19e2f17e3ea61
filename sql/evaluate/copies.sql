-- Count the duplicates that cleaning dropped in favour of each persona's documents.
-- reads: dropped, assignments   writes: nothing
select a.persona_id, count(*) as copies
from dropped as d
join assignments as a on a.doc_id = d.kept_doc_id
where d.reason in ('exact_duplicate', 'near_duplicate', 'template', 'retweet') and a.persona_id is not null
group by a.persona_id
order by a.persona_id;
