-- Count the kept documents of each kind of speaker, the most frequent first.
-- reads: speakers, dropped   writes: nothing
select speaker, count(*) as n
from speakers
where doc_id not in (select doc_id from dropped)
group by speaker
order by n desc, speaker;
