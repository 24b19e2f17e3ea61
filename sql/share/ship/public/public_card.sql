-- Define a macro that lists the content of a public copy about one persona as rows.
-- reads: personas, persona_terms, persona_hours, persona_traits   writes: macro persona_card
create or replace macro persona_card(id) as table
select section, item, value from (
    select 1 as part, 0 as rank, 'persona' as section, 'name' as item, name as value from personas where persona_id = id
    union all select 1, 1, 'persona', 'size', size::varchar from personas where persona_id = id
    union all select 1, 2, 'persona', 'share', round(share, 4)::varchar from personas where persona_id = id
    union all
    select 2, rank, kind, term, round(share, 4)::varchar || ' of its authors' from persona_terms where persona_id = id
    union all
    select 3, hour, 'hour', hour::varchar, n::varchar || ' authors' from persona_hours where persona_id = id
    union all
    select 4, 0, 'trait', feature, round(mean, 4)::varchar from persona_traits where persona_id = id
)
order by part, section, rank, item;
comment on macro table persona_card is 'Everything about a persona, by its number: section, item, value';
