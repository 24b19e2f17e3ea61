-- Mark names that support agents sign with as stop words, if they are more frequent there than in texts.
-- reads: members, opening, spoken   writes: spoken (temporary)
update spoken set tells = false
where tells and word in (
    with signed as (
        select lower(regexp_extract(left(text, (select o.most from opening as o)), '(?:\^\s?|\s[-–*/~]\s?)([A-Za-z]{2,12})\s*(?:https?://\S+\s*)*$', 1)) as word, count(*) as n
        from members
        where is_core
        group by 1
    ),
    said as (select word, count(distinct doc_id) as n from spoken where tells group by word)
    select g.word from signed as g join said as s using (word) where g.n > s.n
);
