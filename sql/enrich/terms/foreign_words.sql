-- Mark the commonest words of another language as stop words if half of their texts are in it.
-- reads: incoming, spoken   writes: spoken (temporary)
update spoken set tells = false
where tells and word in (
    with heard as (
        select distinct s.doc_id, s.word, i.language
        from spoken as s
        join incoming as i using (word)
    ),
    counted as (
        select doc_id, language, count(*) as n from heard group by doc_id, language
    ),
    -- The language with the most of these words, if there are two and no other has as many (text/languages.py).
    written as (
        select doc_id, max_by(language, n) as language
        from (
            select *, rank() over (partition by doc_id order by n desc) as place from counted
        )
        where place = 1 and n >= 2
        group by doc_id
        having count(*) = 1
    )
    select h.word
    from heard as h
    left join written as w using (doc_id)
    where h.word not in (select i.word from incoming as i where i.language = 'English')
    group by h.word
    having 2 * count(distinct h.doc_id) filter (h.language = w.language) >= count(distinct h.doc_id)
);
