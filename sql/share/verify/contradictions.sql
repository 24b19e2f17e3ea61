-- Find contradictions: kept documents without a persona, sizes that differ from counts, and others.
-- reads: documents, dropped, assignments, personas, persona_quality, embeddings, layout, funnel, build   writes: nothing
with kept as (
    select doc_id, tweet_id from documents where doc_id not in (select doc_id from dropped)
),
counted as (
    select persona_id, count(*) as size, count(*) filter (is_core) as core_size from assignments group by persona_id
),
latest as (
    select build_id, documents, kept from build order by rowid desc limit 1
),
found as (
    select 'assignments' as table_name, 'doc_id=' || doc_id as key, 'a kept document has no persona' as problem
    from kept where doc_id not in (select doc_id from assignments)
    union all
    select 'assignments', 'doc_id=' || doc_id, 'a document that was left out, or is not there, has a persona'
    from assignments where doc_id not in (select doc_id from kept)
    union all
    select 'assignments', 'doc_id=' || doc_id, 'there is no persona ' || persona_id
    from assignments where persona_id not in (select persona_id from personas)
    union all
    select 'embeddings', 'doc_id=' || doc_id, 'a document has no vector'
    from documents where doc_id not in (select doc_id from embeddings)
    union all
    select 'layout', 'doc_id=' || doc_id, 'a kept document has no place on the map'
    from kept where doc_id not in (select doc_id from layout)
    union all
    select 'dropped', 'doc_id=' || doc_id, 'there is no such document'
    from dropped where doc_id not in (select doc_id from documents)
    union all
    select 'personas', 'persona_id=' || p.persona_id,
        'size is ' || p.size || ', ' || coalesce(c.size, 0) || ' documents have it'
    from personas as p left join counted as c using (persona_id) where p.size is distinct from coalesce(c.size, 0)
    union all
    select 'personas', 'persona_id=' || p.persona_id,
        'core_size is ' || p.core_size || ', ' || coalesce(c.core_size, 0) || ' core members are there'
    from personas as p left join counted as c using (persona_id) where p.core_size is distinct from coalesce(c.core_size, 0)
    union all
    select 'persona_quality', 'persona_id=' || q.persona_id,
        'size is ' || q.size || ', ' || coalesce(c.size, 0) || ' documents have it'
    from persona_quality as q left join counted as c using (persona_id) where q.size is distinct from coalesce(c.size, 0)
    union all
    select 'funnel', 'step=' || f.step, 'dropped is ' || f.dropped || ', ' || n || ' are in the table dropped'
    from funnel as f, lateral (select count(*) as n from dropped as d where d.reason = f.step) where f.dropped <> n
    union all
    select 'build', 'build_id=' || build_id, 'documents is ' || documents || ', ' || n || ' are there'
    from latest, lateral (select count(*) as n from documents as d) where documents <> n
    union all
    select 'build', 'build_id=' || build_id, 'kept is ' || kept || ', ' || n || ' documents are not dropped'
    from latest, lateral (select count(*) as n from kept as k) where latest.kept <> n
)
select table_name, key, problem from found order by table_name, key, problem limit 1000;
