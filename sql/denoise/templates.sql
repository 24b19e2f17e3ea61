-- Mark as dropped the promotional templates: texts that recur but for names, numbers and links; the earliest stays.
-- reads: normal, dropped, $min_repeats   writes: dropped
insert into dropped (doc_id, reason, twin_doc_id, similarity)
with remaining as (
    select doc_id, created_at, skeleton(text) as skeleton
    from normal
    where doc_id not in (select doc_id from dropped)
),
repeated as (
    select
        doc_id,
        -- By its hash: the texts themselves, which may be long, are not sorted.
        first_value(doc_id) over (partition by md5(skeleton) order by created_at nulls last, doc_id) as kept,
        count(*) over (partition by md5(skeleton)) as n
    from remaining
    -- A frame of fewer than four words of its own would join texts that have nothing in common.
    where len(regexp_extract_all(skeleton, '\b[a-z]{2,}\b')) >= 4
)
select doc_id, 'template', kept, null
from repeated
where n >= $min_repeats and doc_id <> kept
order by doc_id;
