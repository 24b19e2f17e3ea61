-- Select what distinguishes each persona: one account, speakers other than the audience, or a language.
-- reads: persona_quality, $telling, $flood, $several, $least_audience   writes: nothing
select
    persona_id, case when language_nmi >= $telling then language end as language, language_share,
    case when audience_share < $least_audience then other_speaker end as speaker,
    top_author_share >= $flood and $several as flooded
from persona_quality
order by persona_id;
