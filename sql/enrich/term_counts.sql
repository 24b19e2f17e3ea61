-- Count every term's documents and authors, per persona and in all.
-- reads: said, members, $min_documents   writes: term_counts (temporary)
create or replace temp table core_sizes as
select persona_id, count(*) as core_size, (select count(*) from members where is_core) as total
from members
where is_core
group by persona_id;

create or replace temp table frequent as
select kind, term, count(*) as in_all
from said
group by kind, term
having count(*) >= $min_documents;

create or replace temp table term_counts as
select
    s.persona_id, s.kind, s.term, count(*) as n, count(distinct s.author) as n_authors, any_value(f.in_all) as in_all
from said as s
join frequent as f using (kind, term)
group by s.persona_id, s.kind, s.term;
