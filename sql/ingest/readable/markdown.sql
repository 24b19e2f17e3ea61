-- Count the texts of each source, and those with a mark of Markdown.
-- reads: staged, staged_replies, $mark   writes: nothing
select source_no, count(*) as texts, count(*) filter (regexp_matches(text, $mark)) as marked
from (select source_no, text from staged union all select source_no, text from staged_replies)
where text is not null
group by source_no
order by source_no
