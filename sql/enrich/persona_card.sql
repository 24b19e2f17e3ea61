-- Define a macro that lists everything about one persona as rows.
-- reads: personas, persona_terms, persona_hours, persona_traits, persona_hints, persona_evidence   writes: macro persona_card
create or replace macro persona_card(id) as table
select section, item, value from (
    select 1 as part, 0 as rank, 'persona' as section, 'name' as item, name as value from personas where persona_id = id
    union all select 1, 1, 'persona', 'description', description from personas where persona_id = id
    union all select 1, 2, 'persona', 'size', size::varchar from personas where persona_id = id
    union all select 1, 3, 'persona', 'share', round(share, 4)::varchar from personas where persona_id = id
    union all select 1, 4, 'persona', 'tier', tier from personas where persona_id = id
    union all select 1, 5, 'persona', 'coherence', round(coherence, 3)::varchar from personas where persona_id = id
    union all select 1, 6, 'persona', 'stability', round(stability, 3)::varchar from personas where persona_id = id
    union all
    select 2, rank, kind, term, round(share, 4)::varchar || ' of its core posts, lift ' || round(lift, 1)::varchar
    from persona_terms where persona_id = id and rank <= 10
    union all
    select 3, hour, 'hour', hour::varchar, n::varchar || ' posts' from persona_hours where persona_id = id and n > 0
    union all
    select 4, rank, 'hint', kind, hint from persona_hints where persona_id = id
    union all
    select 5, rank, 'evidence', tweet_id, text from persona_evidence where persona_id = id
)
order by part, section, rank;
comment on macro table persona_card is 'Everything about a persona, by its number: section, item, value';
