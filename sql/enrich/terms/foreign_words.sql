-- Mark the function words of other languages as stop words where half of their texts are in such a language.
-- reads: incoming, spoken   writes: spoken (temporary)
create or replace temp table heard as
select distinct s.doc_id, s.word, i.language from spoken as s join incoming as i using (word);

-- The languages with the most function words in a text, if there are two of them (Grefenstette 1995); related ones tie.
create or replace temp table written as
select doc_id, language
from (
    select doc_id, language, count(*) as n, rank() over (partition by doc_id order by count(*) desc) as place
    from heard
    group by doc_id, language
)
where place = 1 and n >= 2;

update spoken set tells = false
where tells and word in (
    select h.word
    from heard as h
    left join written as w on w.doc_id = h.doc_id and w.language = h.language
        and w.doc_id not in (select e.doc_id from written as e where e.language = 'English')
    where h.language <> 'English'
    group by h.word
    having 2 * count(distinct w.doc_id) >= count(distinct h.doc_id)
);
drop table heard;
drop table written;
