-- Insert the hints for each persona, each with the row that it is based on.
-- reads: incoming   writes: persona_hints
create or replace table persona_hints as
select persona_id::integer as persona_id, kind, rank::integer as rank, hint, grounded_table, grounded_key, value, baseline, claim_id
from incoming
order by persona_id, kind, rank;
comment on table persona_hints is 'Hints for addressing each persona (do) and what to avoid (dont)';
comment on column persona_hints.persona_id is 'The persona';
comment on column persona_hints.kind is 'do or dont';
comment on column persona_hints.rank is 'Order within the kind, from 1';
comment on column persona_hints.hint is 'The advice, in one sentence';
comment on column persona_hints.grounded_table is 'The table that holds the row it rests on';
comment on column persona_hints.grounded_key is 'The row: key=value pairs in addition to persona_id';
comment on column persona_hints.value is 'The figure of the persona';
comment on column persona_hints.baseline is 'The figure of the other personas';
comment on column persona_hints.claim_id is 'The row of claims with the SQL of its figure';
