-- Compute the share of each persona's documents that the audience wrote, and the most frequent other kind of speaker.
-- reads: speakers, assignments   writes: nothing
with counted as (
    select a.persona_id, s.speaker, count(*) as n
    from assignments as a join speakers as s using (doc_id)
    where a.persona_id is not null
    group by a.persona_id, s.speaker
)
select
    persona_id, coalesce(sum(n) filter (where speaker = 'audience'), 0) / sum(n) as audience_share,
    (list(speaker order by n desc, speaker) filter (where speaker <> 'audience'))[1] as other_speaker
from counted
group by persona_id
order by persona_id;
