-- Mark pure retweets and marked reposts as dropped; their twin is the post they repeat, where it is present.
-- reads: documents, normal, dropped   writes: dropped
insert into dropped (doc_id, reason, twin_doc_id, similarity)
select r.doc_id, 'retweet', o.doc_id, case when o.doc_id is not null then 1.0 end
from (
    select doc_id, md5(normalised(regexp_replace(text, '(?i)^rt @\s?\w+\s*:?\s*', '')))::uuid as rest
    from normal
    where (is_repost or regexp_matches(text, '(?i)^rt @\s?\w+'))
        and doc_id not in (select doc_id from dropped)
) as r
left join (
    select text_hash, first(doc_id order by created_at nulls last, doc_id) as doc_id
    from documents
    where doc_id not in (select doc_id from dropped) and is_repost is not true
    group by text_hash
) as o on o.text_hash = r.rest
order by r.doc_id;
