-- Count who speaks in each persona: audience, company, promotion, automated, press; largest share of others first.
-- reads: speakers, assignments, personas   writes: nothing
select
    a.persona_id, p.name as persona_name, count(*) as posts,
    round(avg((s.speaker = 'audience')::integer), 4) as audience, round(avg((s.speaker = 'company')::integer), 4) as company,
    round(avg((s.speaker = 'promotion')::integer), 4) as promotion, round(avg((s.speaker = 'automated')::integer), 4) as automated,
    round(avg((s.speaker = 'press')::integer), 4) as press
from assignments as a
join speakers as s using (doc_id)
join personas as p using (persona_id)
group by a.persona_id, p.name
order by audience, a.persona_id
