-- List the sub-personas of a persona: size, distinctive terms against the others, and a typical text.
-- reads: documents, assignments, $persona, $stop_words, $most   writes: nothing
with members as (
    select a.doc_id, a.sub_persona_id, a.is_core, a.distance, d.text
    from assignments as a
    join documents as d using (doc_id)
    where a.persona_id = $persona and a.sub_persona_id is not null
),
sized as (
    select
        sub_persona_id, count(*) as size, count(*) filter (is_core) as core_size,
        count(*) / (select count(*) from members) as share,
        arg_min(text, (not is_core)::int * 1e9 + distance) as example
    from members
    group by sub_persona_id
),
said as (
    select distinct doc_id, sub_persona_id, unnest(regexp_extract_all(
        regexp_replace(lower(replace(prose(text), '’', '''')), '''s\b', '', 'g'),
        '[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[''_-][\p{L}\p{M}\p{N}]+)*')) as term
    from members
),
counted as (
    select sub_persona_id, term, count(*) as n, sum(count(*)) over (partition by term) as in_all
    from said
    where length(term) > 1 and regexp_matches(term, '\p{L}') and not list_contains($stop_words, term)
    group by sub_persona_id, term
),
ranked as (
    select
        c.sub_persona_id, c.term,
        row_number() over (
            partition by c.sub_persona_id
            order by round(c.n / z.size * ln(1 + (select count(*) from members) / c.in_all), 9) desc, c.term) as place
    from counted as c
    join sized as z using (sub_persona_id)
    -- At least 1.5 times as often as in the other parts, as for a persona's own terms.
    where c.n >= 3 and c.n * (select count(*) from members) >= 1.5 * c.in_all * z.size
)
select
    z.sub_persona_id, z.size, z.share, z.core_size,
    coalesce((select list(r.term order by r.place) from ranked as r
        where r.sub_persona_id = z.sub_persona_id and r.place <= $most), []) as terms,
    z.example
from sized as z
order by z.sub_persona_id
