-- Mark as dropped the documents that are nearly the same as an earlier document that stays.
-- reads: incoming   writes: dropped
insert into dropped (doc_id, reason, twin_doc_id, similarity)
select doc_id, 'near_duplicate', kept_doc_id, case when similarity > 1 then 1.0 else similarity end from incoming order by doc_id;
