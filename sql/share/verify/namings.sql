-- Find namings by a language model that refer to a persona or a claim that does not exist.
-- reads: namings, personas, claims   writes: nothing
with cited as (
    select persona_id, unnest(claim_ids) as claim_id from namings
),
found as (
    select 'namings' as table_name, 'persona_id=' || n.persona_id as key, 'there is no such persona' as problem
    from namings as n where n.persona_id not in (select persona_id from personas)
    union all
    select 'namings', 'persona_id=' || n.persona_id, 'the sentence cites no claim'
    from namings as n where len(n.claim_ids) = 0
    union all
    select 'namings', 'persona_id=' || c.persona_id, 'the persona has no claim ' || c.claim_id
    from cited as c anti join claims as k using (persona_id, claim_id)
    union all
    select 'namings', 'persona_id=' || n.persona_id, 'the name that was given is ' || n.name || ', not ' || p.generated_name
    from namings as n join personas as p using (persona_id) where n.name <> p.generated_name
)
select table_name, key, problem from found order by table_name, key, problem limit 1000;
