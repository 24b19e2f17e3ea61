-- Select the texts, of those that are not exact duplicates, that are mostly in letters other than Latin ones.
-- reads: normal, dropped   writes: nothing
with lettered as (
    select
        doc_id, regexp_replace(text, '(?i)\b(?:https?://|www\.)\S+|@\s?\w+|[\x00-\x7F]', '', 'g') as text,
        length(regexp_replace(text, '(?i)\b(?:https?://|www\.)\S+|@\s?\w+|[^A-Za-z]', '', 'g')) as ascii_letters
    from normal
    where doc_id not in (select doc_id from dropped) and regexp_matches(text, '[^\x00-\x7F]')
),
counted as (
    select
        doc_id,
        length(regexp_replace(text, '[^\p{L}]', '', 'g')) as letters,
        length(regexp_replace(text, '[^\p{Latin}]', '', 'g')) + ascii_letters as latin,
        ascii_letters
    from lettered
)
select doc_id, text, letters + ascii_letters as letters
from counted join (select doc_id, text from normal) using (doc_id)
where letters + ascii_letters > 2 * latin
order by doc_id;
