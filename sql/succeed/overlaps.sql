-- Count the documents that a group of this fit shares with a persona of the former index.
-- reads: raw_labels, documents, previous.raw_labels, previous.documents, previous.successions   writes: nothing
with these as (
    select d.tweet_id, d.text_hash, r.raw_label
    from raw_labels as r join documents as d using (doc_id) where r.raw_label is not null
),
former as (
    select d.tweet_id, d.text_hash, s.persona_id
    from previous.raw_labels as r
    join previous.documents as d using (doc_id)
    join previous.successions as s using (raw_label)
)
select t.raw_label, f.persona_id, count(*) as shared
from these as t
join former as f using (tweet_id, text_hash)
group by t.raw_label, f.persona_id
order by t.raw_label, f.persona_id;
