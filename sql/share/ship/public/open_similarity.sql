-- Replace the centroids of the personas by the vectors of their words, and add similarities.
-- reads: search_personas   writes: personas, persona_similarity, a comment on search_personas
update personas set centroid = s.vector from search_personas as s where s.persona_id = personas.persona_id;
comment on column personas.centroid is 'Unit vector of its words in this copy';
insert into persona_similarity
select a.persona_id, b.persona_id, 'language', round(array_inner_product(a.vector, b.vector)::double, 2)
from search_personas as a
join search_personas as b on b.persona_id <> a.persona_id
order by a.persona_id, b.persona_id;
comment on column persona_similarity.similarity is 'language: cosine of the vectors of their words in this copy; style: 1 / (1 + distance of standardised style means)';
comment on table search_personas is 'Unit vector of each persona''s words in this copy, for similar_personas';
