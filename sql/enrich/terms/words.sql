-- Split the core members' texts into words in order, with breaks where a sentence or clause ends.
-- reads: members, opening, stop_words   writes: spoken (temporary)
create or replace temp table spoken as
with listed as (
    select
        doc_id, persona_id, author,
        -- Hashtags are counted separately. A break, marked |, prevents n-grams across punctuation.
        regexp_extract_all(
            regexp_replace(replace(prose(left(text, (select o.most from opening as o))), '’', ''''), '#\w+|[\p{Hiragana}.,!?;:()\[\]{}"“”…\n/|–—&=+<>*、。！？「」]+', ' | ', 'g'),
            '[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[''_-][\p{L}\p{M}\p{N}]+)*|\|'
        ) as words
    from members
    where is_core
),
placed as (
    select doc_id, persona_id, author, unnest(words) as surface, generate_subscripts(words, 1) as place from listed
),
plain as (
    select
        doc_id, persona_id, author, place, surface,
        regexp_replace(lower(surface), '''s$', '') as word
    from placed
)
select
    doc_id, persona_id, author, place, surface, word,
    word = '|' as is_break,
    word <> '|'
        and length(word) > 1
        and regexp_matches(word, '\p{L}')
        and not regexp_matches(word, '^\p{N}+(?:st|nd|rd|th|am|pm|k|x)?$')
        and not regexp_matches(word, 'a{4}|b{4}|c{4}|d{4}|e{4}|f{4}|g{4}|h{4}|i{4}|j{4}|k{4}|l{4}|m{4}|n{4}|o{4}|p{4}|q{4}|r{4}|s{4}|t{4}|u{4}|v{4}|w{4}|x{4}|y{4}|z{4}')
        and word not in (select s.word from stop_words as s)
        and replace(word, '''', '') not in (select s.word from stop_words as s) as tells
from plain;
