-- Select the words of each persona of a public copy, repeated by steps of authors who use them.
-- reads: persona_terms, personas, $k   writes: nothing
select p.persona_id, coalesce(string_agg(repeat(t.spelling || ' ', (t.n // $k)::integer), '' order by t.rank, t.kind), p.name) as words
from personas as p
left join persona_terms as t on t.persona_id = p.persona_id and t.kind in ('term', 'hashtag')
group by p.persona_id, p.name
order by p.persona_id;
