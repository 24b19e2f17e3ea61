-- Count the contexts of the words of listed terms: typical of a noun, a verb, an adjective.
-- reads: spoken, persona_terms   writes: nothing
with asked as (
    select distinct unnest(string_split(term, ' ')) as word from persona_terms where kind in ('term', 'ngram')
),
placed as (select doc_id, place, word from spoken where word in (select a.word from asked as a)),
followed as (
    select p.word, s.word as before
    from placed as p
    join spoken as s on s.doc_id = p.doc_id and s.place = p.place - 1
)
select
    word,
    count(*) filter (before in (
        'the', 'a', 'an', 'my', 'your', 'our', 'their', 'his', 'her', 'its', 'this', 'these', 'those', 'no', 'any', 'some',
        'every', 'each', 'another', 'of', 'in', 'on', 'at', 'from', 'by', 'with', 'about', 'for', 'without', 'into', 'via',
        'per', 'new', 'old', 'same', 'other')) as as_noun,
    count(*) filter (before in (
        'i', 'you', 'we', 'they', 'he', 'she', 'it', 'who', 'to', 'will', 'would', 'can', 'could', 'should', 'may', 'might',
        'must', 'do', 'does', 'did', 'don''t', 'doesn''t', 'didn''t', 'can''t', 'won''t', 'couldn''t', 'i''ll', 'i''d',
        'you''ll', 'we''ll', 'let', 'please', 'not', 'never', 'dont', 'cant', 'have', 'has', 'had', 'i''ve', 'we''ve')) as as_verb,
    count(*) filter (before in (
        'is', 'are', 'was', 'were', 'be', 'been', 'being', 'am', 'i''m', 'you''re', 'we''re', 'they''re', 'so', 'very', 'too',
        'really', 'feel', 'feels', 'look', 'looks', 'sound', 'sounds', 'seems', 'more', 'most', 'as', 'how')) as as_adjective
from followed
group by word
order by word;
