-- Mark as dropped the documents that are equal to an earlier one but for case and white space; a repost is a later one.
-- reads: normal   writes: dropped
insert into dropped (doc_id, reason, twin_doc_id, similarity)
select doc_id, 'exact_duplicate', kept, 1.0
from (
    select
        doc_id,
        first_value(doc_id) over (partition by md5(lower(text)) order by is_repost, created_at nulls last, doc_id) as kept
    from normal
)
where doc_id <> kept
order by doc_id;
