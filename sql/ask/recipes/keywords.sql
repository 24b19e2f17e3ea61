-- List words to write with for each persona: its most distinctive terms, phrases and hashtags.
-- reads: personas, persona_terms, $most   writes: nothing
-- $most: 5 | how many of each kind
select
    p.persona_id, p.name,
    string_agg(t.term, ', ' order by t.rank) filter (t.kind = 'term') as words,
    string_agg(t.term, ', ' order by t.rank) filter (t.kind = 'ngram') as phrases,
    string_agg(t.term, ' ' order by t.rank) filter (t.kind = 'hashtag') as hashtags,
    string_agg(t.term, ', ' order by t.rank) filter (t.kind = 'absent_term') as avoid
from personas as p
left join persona_terms as t on t.persona_id = p.persona_id and t.rank <= $most::integer
group by p.persona_id, p.name
order by p.persona_id
