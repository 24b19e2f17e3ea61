-- Select the language that distinguishes each persona, if any, and whether one account wrote it.
-- reads: persona_quality, $telling, $flood, $several   writes: nothing
select
    persona_id, case when language_nmi >= $telling then language end as language, language_share,
    top_author_share >= $flood and $several as flooded
from persona_quality
order by persona_id;
