-- Follow every twin to a document that is kept: a later rule may have dropped the twin itself.
-- reads: dropped   writes: dropped
create or replace temp table followed as
with recursive walk(doc_id, twin) as (
    select doc_id, twin_doc_id from dropped where twin_doc_id is not null
    union all
    select w.doc_id, d.twin_doc_id
    from walk as w
    join dropped as d on d.doc_id = w.twin
    where d.twin_doc_id is not null
)
select doc_id, twin from walk where twin not in (select doc_id from dropped);

update dropped set kept_doc_id = followed.twin from followed where followed.doc_id = dropped.doc_id;
