-- Let no twin be a document that a later rule has dropped: follow it to one that is kept, or to none.
-- reads: dropped   writes: dropped
create or replace temp table followed as
with recursive walk(doc_id, twin, similarity) as (
    select doc_id, kept_doc_id, similarity
    from dropped
    where kept_doc_id in (select doc_id from dropped)
    union all
    select w.doc_id, d.kept_doc_id, least(w.similarity, d.similarity)
    from walk as w
    join dropped as d on d.doc_id = w.twin
)
select doc_id, twin, case when twin is not null then similarity end as similarity
from walk
where twin is null or twin not in (select doc_id from dropped);

update dropped
set kept_doc_id = followed.twin, similarity = followed.similarity
from followed
where followed.doc_id = dropped.doc_id;
