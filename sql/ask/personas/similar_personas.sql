-- List the personas most similar to one.
-- reads: persona_similarity, personas, $persona, $method, $limit   writes: nothing
select s.other_id as persona_id, p.name, s.similarity, p.size
from persona_similarity as s
join personas as p on p.persona_id = s.other_id
where s.persona_id = $persona and s.method = $method
order by s.similarity desc, s.other_id
limit $limit
