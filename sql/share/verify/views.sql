-- Find differences of the view tweets and the macro persona_card from the tables under them.
-- reads: tweets, documents, assignments, personas, persona_card   writes: nothing
with told as (
    select 'tweets' as table_name, 'doc_id=' || coalesce(t.doc_id, a.doc_id) as key, 'the view says other than its tables' as problem
    from tweets as t
    full join (
        select a.*, d.tweet_id, d.text, p.name
        from assignments as a join documents as d using (doc_id) left join personas as p using (persona_id)
    ) as a on a.doc_id = t.doc_id
    where (t.tweet_id, t.text, t.persona_id, t.persona_name, t.is_core, t.confidence)
        is distinct from (a.tweet_id, a.text, a.persona_id, a.name, a.is_core, a.confidence)
    union all
    select 'persona_card', 'persona_id=' || p.persona_id, 'the macro does not show this persona'
    from (select persona_id, name from personas order by persona_id limit 1) as p
    where p.name not in (select value from persona_card((select min(persona_id) from personas)) where item = 'name')
)
select table_name, key, problem from told order by table_name, key limit 1000;
