-- List the terms of each core member, once per document: words, n-grams, hashtags, mentions, domains, emoji.
-- reads: spoken, members, opening   writes: said (temporary)
create or replace temp table said as
with following as (
    select
        *,
        lead(word) over w as word_2, lead(word, 2) over w as word_3,
        lead(surface) over w as surface_2, lead(surface, 2) over w as surface_3,
        lead(tells) over w as tells_2, lead(tells, 2) over w as tells_3,
        lead(is_break) over w as break_2
    from spoken
    window w as (partition by doc_id order by place)
),
tagged as (
    select doc_id, persona_id, author, unnest(list_distinct(list_transform(hashtag_list(left(text, (select o.most from opening as o))), lambda h: lower(h)))) as term
    from members where is_core
),
addressed as (
    select doc_id, persona_id, author, unnest(list_distinct(list_transform(mention_list(left(text, (select o.most from opening as o))), lambda m: lower(m)))) as term
    from members where is_core
),
linked as (
    select
        doc_id, persona_id, author,
        unnest(list_distinct(list_transform(url_list(left(text, (select o.most from opening as o))),
            lambda u: regexp_extract(lower(u), '^(?:https?://)?(?:www\.)?([a-z0-9.-]+\.[a-z]{2,})', 1)))) as term
    from members where is_core
),
pictured as (
    select doc_id, persona_id, author, unnest(list_distinct(emoji_list(left(text, (select o.most from opening as o))))) as term from members where is_core
)
select doc_id, persona_id, any_value(author) as author, 'term' as kind, word as term, min(surface) as surface
from following where tells group by doc_id, persona_id, word
union all
select doc_id, persona_id, any_value(author), 'ngram', word || ' ' || word_2, min(surface || ' ' || surface_2)
from following where tells and tells_2 and word <> word_2 group by doc_id, persona_id, word, word_2
union all
select doc_id, persona_id, any_value(author), 'ngram', word || ' ' || word_2 || ' ' || word_3,
    min(surface || ' ' || surface_2 || ' ' || surface_3)
from following where tells and tells_3 and not break_2 and word <> word_2 and word <> word_3 and word_2 <> word_3
group by doc_id, persona_id, word, word_2, word_3
union all
select doc_id, persona_id, author, 'hashtag', '#' || term, '#' || term from tagged
union all
select doc_id, persona_id, author, 'mention', '@' || term, '@' || term from addressed
union all
-- t.co replaces every link on Twitter and does not show its domain.
select doc_id, persona_id, author, 'domain', term, term from linked where term not in ('', 't.co')
union all
select doc_id, persona_id, author, 'emoji', term, term from pictured;
