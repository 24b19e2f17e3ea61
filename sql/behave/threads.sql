-- Follow replies down from the posts that start a thread: depth and root of every node.
-- reads: documents, replies   writes: threads (temporary)
create or replace temp table nodes as
select id, min(parent) as parent
from (
    select tweet_id as id, in_reply_to as parent from documents
    union all
    select tweet_id, in_reply_to from replies where doc_id is null and tweet_id is not null
)
group by id;

create or replace temp table links as
select c.id, p.id as parent
from nodes as c
join nodes as p on p.id = c.parent
where c.id <> c.parent;

create or replace temp table threads as
with recursive walk(id, root, depth) as (
    select id, id, 0 from nodes where id in (select parent from links) and id not in (select id from links)
    union all
    -- A hundred replies deep is deeper than any real thread; a ring has no start and is never walked.
    select l.id, w.root, w.depth + 1 from walk as w join links as l on l.parent = w.id where w.depth < 100
)
select id, root, depth, count(*) over (partition by root) as size from walk;
