-- Insert the similarity of personas by language, style and size.
-- reads: incoming   writes: persona_similarity
create or replace table persona_similarity as
select persona_id::integer as persona_id, other_id::integer as other_id, method, similarity
from incoming
order by persona_id, method, other_id;
comment on table persona_similarity is 'Similarity of two personas';
comment on column persona_similarity.persona_id is 'The persona';
comment on column persona_similarity.other_id is 'Another persona';
comment on column persona_similarity.method is 'language, style or size';
comment on column persona_similarity.similarity is 'language: cosine of mean text vectors less the overall mean, -1 to 1; style: 1 / (1 + distance of standardised style means); size: smaller / larger';
