-- Create a view of documents as terms are counted: lower-case words between blanks, and hashtags.
-- reads: documents, assignments   writes: view spoken_texts
create or replace view spoken_texts as
-- Only the beginning of long texts counts (opening.sql): each has its share of 200 million characters, 2,000 to 50,000.
with opened as (
    select a.doc_id, a.persona_id, a.is_core, left(d.text, s.most) as text
    from assignments as a
    join documents as d using (doc_id)
    cross join (select greatest(2000, least(50000, 200000000 // greatest(count(*), 1))) as most from assignments) as s
),
plain as (
    -- Entities, Unicode form, invisible characters and white space do not count, as everywhere (text.sql: normalised).
    select
        doc_id, persona_id, is_core, text,
        trim(regexp_replace(
            nfc_normalize(regexp_replace(
                replace(replace(replace(replace(replace(replace(replace(
                    text, '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&apos;', ''''), '&nbsp;', ' '), '&amp;', '&'),
                '[\x{0000}\x{200B}\x{200E}\x{200F}\x{2060}\x{FE0F}\x{FEFF}]', '', 'g')),
            '[\s\x{00A0}\x{2028}\x{2029}]+', ' ', 'g')) as normal
    from opened
),
-- Without links, mentions, the retweet mark, masks and the signatures of support agents (text.sql: prose).
prosaic as (
    select
        doc_id, persona_id, is_core, text,
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            normal,
            '\[(?:email|phone|iban|order|number|id|ip|place|date|key|wallet|link|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+)\]', ' ', 'g'),
            '\^\s?\w{1,12}|\s[-–*/~]\s?(?:[A-Z]{2,4}|[A-Z][a-z]{1,11})\s*$', ' ', 'g'),
            '(?i)\bhttps?\s*(?::\s*)?//?\s*\S+(?:\s*\.\s*co\s*/\s*\w+)?|\bwww\.\S+|\bt\s?\.\s?co\s?/\s?\w+', ' ', 'g'),
            '@\s?\w+', ' ', 'g'),
            '(?i)^\s*rt\b\s*:?', ' ', 'g'),
            '\s+', ' ', 'g') as prose
    from plain
)
select
    doc_id, persona_id, is_core,
    regexp_replace(
        ' ' || array_to_string(regexp_extract_all(
            regexp_replace(replace(lower(prose), '’', ''''), '#\w+|[\p{Hiragana}.,!?;:()\[\]{}"“”…\n/|–—&=+<>*、。！？「」]+', ' | ', 'g'),
            '[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[''_-][\p{L}\p{M}\p{N}]+)*|\|'), ' ') || ' ',
        '''s ', ' ', 'g') as words,
    ' ' || lower(array_to_string(regexp_extract_all(
        text, '(?:^|[^\w&#/])#([\p{L}\p{M}\p{N}_]*[\p{L}_][\p{L}\p{M}\p{N}_]*)', 1), ' ')) || ' ' as hashtags
from prosaic;
comment on view spoken_texts is 'Words of every kept document as terms are counted; the SQL of the table claims reads it';
comment on column spoken_texts.doc_id is 'The document';
comment on column spoken_texts.persona_id is 'Its persona';
comment on column spoken_texts.is_core is 'True for a core member';
comment on column spoken_texts.words is 'Its words in lower case in their order, a blank on either side of each; | where a sentence or clause ends';
comment on column spoken_texts.hashtags is 'Its hashtags in lower case without #, a blank on either side of each';
