-- Insert the evidence of each persona.
-- reads: incoming, documents   writes: persona_evidence
create or replace table persona_evidence as
select i.persona_id::integer as persona_id, i.rank::integer as rank, i.doc_id, d.tweet_id, i.text
from incoming as i
join documents as d using (doc_id)
order by i.persona_id, i.rank;
comment on table persona_evidence is 'Typical and different core members of each persona, from different authors where there are enough';
comment on column persona_evidence.persona_id is 'The persona';
comment on column persona_evidence.rank is 'Order, from 1, the most typical first';
comment on column persona_evidence.doc_id is 'The document';
comment on column persona_evidence.tweet_id is 'Its own id';
comment on column persona_evidence.text is 'Its text, personal data masked';
