-- Show one flat row a kept document: what it says, its persona, its place on the map, and the source's other columns.
-- reads: documents, assignments, raw_labels, personas, layout, document_extras   writes: view tweets
create or replace view tweets as
select
    d.doc_id, d.tweet_id, d.text, d.author, d.created_at, d.lang, d.in_reply_to,
    d.like_count, d.retweet_count, d.reply_count, d.quote_count,
    a.persona_id, p.name as persona_name, r.raw_label, a.is_core, a.confidence, a.runner_up_id,
    l.x, l.y,
    e.* exclude (doc_id)
from documents as d
join assignments as a on a.doc_id = d.doc_id
join personas as p on p.persona_id = a.persona_id
left join raw_labels as r on r.doc_id = d.doc_id
left join layout as l on l.doc_id = d.doc_id
left join document_extras as e on e.doc_id = d.doc_id;
comment on view tweets is 'One flat row a kept document: text, author, persona, place on the map, and the source''s other columns';
