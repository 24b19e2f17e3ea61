-- Compute the share of the persona's core members with these words, and that of the others.
-- reads: spoken_texts, $persona, $said   writes: nothing
select
    count(*) filter (where own and says) / count(*) filter (where own) as value,
    count(*) filter (where not own and says) / nullif(count(*) filter (where not own), 0) as baseline,
    count(*) filter (where own and says) as n
from (select persona_id = $persona as own, contains(words, $said) as says from spoken_texts where is_core)
