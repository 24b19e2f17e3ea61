-- List the personas, the largest first, with their most distinctive terms.
-- reads: personas, persona_terms   writes: nothing
select
    p.persona_id, p.name, p.tier, p.size, p.share,
    coalesce((select list(t.term order by t.rank) from persona_terms as t
        where t.persona_id = p.persona_id and t.kind = 'term' and t.rank <= 6), []) as terms
from personas as p
order by p.size desc, p.persona_id;
