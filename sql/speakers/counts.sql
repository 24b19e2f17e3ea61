-- Count the kept documents and accounts of each kind of speaker, and release what the stage needed.
-- reads: speakers, documents, dropped   writes: nothing
select s.speaker, count(*) as n, count(distinct d.author) as accounts
from speakers as s join documents as d using (doc_id)
where doc_id not in (select doc_id from dropped)
group by s.speaker order by n desc, s.speaker;
