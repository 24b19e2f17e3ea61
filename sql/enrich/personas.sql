-- Insert the card of every persona.
-- reads: incoming, persona_quality, persona_traits   writes: personas
create or replace table personas as
with style as (
    select
        persona_id,
        max(mean) filter (where feature = 'text_length') as avg_text_length,
        max(mean) filter (where feature = 'word_count') as avg_word_count,
        max(mean) filter (where feature = 'question_density') as question_density,
        max(mean) filter (where feature = 'exclam_density') as exclam_density
    from persona_traits
    group by persona_id
),
sized as (
    select persona_id, size, sum(size) over (order by size desc, persona_id rows unbounded preceding) - size as before, sum(size) over () as total
    from persona_quality
)
select
    i.persona_id::integer as persona_id, i.name, i.generated_name, i.description,
    -- The published case: the tiers end where 51 % and 72 % of the audience are reached.
    case when z.before < 0.5 * z.total then 'dominant' when z.before < 0.7 * z.total then 'significant' else 'niche' end as tier,
    q.size, q.core_size, q.size / z.total as share, i.n_authors, i.top_author_share, i.peak_hour::integer as peak_hour, i.weekday_weekend_ratio,
    s.avg_text_length, s.avg_word_count, s.question_density, s.exclam_density,
    q.coherence, q.stability, i.centroid
from incoming as i
join persona_quality as q using (persona_id)
join sized as z using (persona_id)
left join style as s using (persona_id)
order by persona_id;
comment on table personas is 'One row a persona; every figure is computed from all its members';
comment on column personas.persona_id is 'Number; a persona that succeeds one of the index that was replaced keeps its number';
comment on column personas.name is 'Unique name of the persona';
comment on column personas.generated_name is 'The name made of its figures, or by the model that the setting enrich.namer names: name, unless it was renamed by hand';
comment on column personas.description is 'One sentence made of its figures';
comment on column personas.tier is 'dominant, significant or niche: where the larger personas together reach less than 50 %, less than 70 %, or more of all documents';
comment on column personas.size is 'Kept documents';
comment on column personas.core_size is 'Core members';
comment on column personas.share is 'size / all kept documents';
comment on column personas.n_authors is 'Different authors; NULL where the source names none';
comment on column personas.top_author_share is 'Share of its posts that its most frequent author wrote; NULL where the source names none';
comment on column personas.peak_hour is 'Hour with most posts, 0 to 23, in the build''s time zone; NULL without times';
comment on column personas.weekday_weekend_ratio is 'Posts from Monday to Friday / posts on Saturday and Sunday; NULL where there are none';
comment on column personas.avg_text_length is 'Mean characters';
comment on column personas.avg_word_count is 'Mean words';
comment on column personas.question_density is 'Mean question marks per word';
comment on column personas.exclam_density is 'Mean exclamation marks per word';
comment on column personas.coherence is 'Mean cosine of members'' text vectors to their mean vector';
comment on column personas.stability is 'Mean best Jaccard overlap over refits, 0 to 1; NULL without refits';
comment on column personas.centroid is 'Unit mean of its core members'' text vectors';
