-- Leave out what is nearly the same as an earlier document that stays.
-- reads: incoming   writes: dropped
insert into dropped
select doc_id, 'near_duplicate', kept_doc_id, similarity from incoming order by doc_id;
