-- Replace raw texts by the readable ones, and remember the raw ones.
-- reads: readable, staged, staged_replies, $markdown   writes: staged, staged_replies, raw_staged (temporary)
create or replace temp table raw_staged as
select s.source_no, s.row_no, s.text
from staged as s
join readable as r on r.raw = s.text and r.markdown = list_contains($markdown, s.source_no);
update staged set text = r.text from readable as r
where r.raw = staged.text and r.markdown = list_contains($markdown, staged.source_no);
update staged_replies set text = r.text from readable as r
where r.raw = staged_replies.text and r.markdown = list_contains($markdown, staged_replies.source_no);
