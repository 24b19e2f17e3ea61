-- Count per language the documents, those kept, those with words that the encoder does not know, and the dropped by reason.
-- reads: documents, normal, dropped, text_languages   writes: nothing
with written as (
    -- By its letters, where these belong to one language, else by its function words; a copy is in the language of its twin.
    select
        n.doc_id, t.language, t.unknown,
        case when regexp_matches(n.text, '[\x{0370}-\x{10FFFF}]') then case
            when regexp_matches(n.text, '[\p{Hiragana}\p{Katakana}]') then 'Japanese'
            when regexp_matches(n.text, '\p{Hangul}') then 'Korean'
            when regexp_matches(n.text, '\p{Han}') then 'Chinese'
            when regexp_matches(n.text, '\p{Thai}') then 'Thai'
            when regexp_matches(n.text, '\p{Hebrew}') then 'Hebrew'
            when regexp_matches(n.text, '\p{Greek}{3}') then 'Greek'
        end end as by_letters,
        case
            when regexp_matches(n.text, '\p{Cyrillic}{3}') then 'Cyrillic'
            when regexp_matches(n.text, '\p{Arabic}{3}') then 'Arabic script'
            when regexp_matches(n.text, '\p{Devanagari}{2}') then 'Devanagari'
        end as script
    from normal as n
    left join text_languages as t using (doc_id)
),
-- A text with too few function words is taken to be in the language of most other texts in its script.
usual as (
    select script, mode(language) as language from written where script is not null and language is not null group by script
),
named as (
    select
        d.doc_id, x.reason, coalesce(w.unknown, false) as unknown,
        coalesce(nullif(d.lang, 'und'), w.by_letters, w.language, u.language, w.script, 'no language found') as language
    from documents as d
    left join dropped as x using (doc_id)
    left join written as w on w.doc_id = case when x.reason = 'exact_duplicate' then x.twin_doc_id else d.doc_id end
    left join usual as u using (script)
)
select
    language,
    count(*) as documents,
    count(*) filter (reason is null) as kept,
    count(*) filter (unknown) as unknown,
    count(*) filter (reason = 'exact_duplicate') as exact_duplicates,
    count(*) filter (reason = 'near_duplicate') as near_duplicates,
    count(*) filter (reason = 'retweet') as retweets,
    count(*) filter (reason = 'too_short') as too_short,
    count(*) filter (reason = 'template') as templates,
    count(*) filter (reason = 'where') as by_condition
from named
group by language
order by documents desc, language;
