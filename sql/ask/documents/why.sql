-- Select the assignment of one document, or the reason why it was dropped.
-- reads: documents, dropped, assignments, raw_labels, personas, $tweet_id   writes: nothing
select
    d.doc_id, d.tweet_id, d.text, x.reason as dropped_because, k.tweet_id as kept_twin, t.tweet_id as twin,
    x.similarity as twin_similarity,
    coalesce(a.persona_id, ka.persona_id) as persona_id, p.name as persona_name, a.sub_persona_id, r.raw_label,
    r.doc_id is not null and r.raw_label is null as is_noise, a.is_core, a.confidence,
    a.distance, a.runner_up_id, u.name as runner_up_name, a.runner_up_distance
from documents as d
left join dropped as x on x.doc_id = d.doc_id
left join documents as k on k.doc_id = x.kept_doc_id
left join documents as t on t.doc_id = x.twin_doc_id
left join assignments as a on a.doc_id = d.doc_id
left join assignments as ka on ka.doc_id = x.kept_doc_id
left join personas as p on p.persona_id = coalesce(a.persona_id, ka.persona_id)
left join raw_labels as r on r.doc_id = d.doc_id
left join personas as u on u.persona_id = a.runner_up_id
where d.tweet_id = $tweet_id
order by d.doc_id
