-- Number the texts that may have to be changed to be readable; those of sources in Markdown are.
-- reads: staged, staged_replies, $markdown, $suspect   writes: suspects (temporary)
create or replace temp table suspects as
select row_number() over () as number, markdown, text
from (
    select distinct list_contains($markdown, source_no) as markdown, text
    from (select source_no, text from staged union all select source_no, text from staged_replies)
    where text is not null and (list_contains($markdown, source_no) or regexp_matches(text, $suspect))
);
create or replace temp table readable (markdown boolean, raw varchar, text varchar);
