-- List the trend of each persona, the fastest first.
-- reads: persona_growth, personas, $persona   writes: nothing
select g.persona_id, p.name, g.trend, g.weeks, g.n, g.slope, g.low, g.high, g.p, g.q
from persona_growth as g
join personas as p using (persona_id)
where $persona is null or g.persona_id = $persona
order by g.slope desc nulls last, g.persona_id
