-- Create the table of the stances of each persona: shares, intervals, and differences from the others.
-- reads: incoming   writes: persona_stances
create or replace table persona_stances as
select
    persona_id::integer as persona_id,
    row_number() over (partition by persona_id order by n desc, stance)::integer as rank,
    stance::varchar as stance, n::bigint as n,
    n / size as share, low::double as low, high::double as high,
    others / nullif(others_size, 0) as baseline_share, n / size - others / nullif(others_size, 0) as difference,
    lift::double as lift, lift_low::double as lift_low, lift_high::double as lift_high, p::double as p, q::double as q
from incoming
order by persona_id, rank;
comment on table persona_stances is 'Stances of each persona: the share of its members with each, and of all others; empty for descriptions';
comment on column persona_stances.persona_id is 'The persona';
comment on column persona_stances.rank is 'Order inside the persona, from 1, by n';
comment on column persona_stances.stance is 'The stance, or unclear';
comment on column persona_stances.n is 'Members of this stance';
comment on column persona_stances.share is 'n / members of the persona';
comment on column persona_stances.low is 'Lower end of the 95 % interval of the share (Wilson 1927)';
comment on column persona_stances.high is 'Upper end';
comment on column persona_stances.baseline_share is 'The same share among the members of all other personas';
comment on column persona_stances.difference is 'share - baseline_share';
comment on column persona_stances.lift is 'share / baseline_share, half a document added on either side';
comment on column persona_stances.lift_low is 'Lower end of its 95 % interval (Katz et al. 1978)';
comment on column persona_stances.lift_high is 'Upper end';
comment on column persona_stances.p is 'Fisher''s exact test, two-sided: the share differs from that of the others';
comment on column persona_stances.q is 'p corrected for the stances of the persona (Benjamini & Hochberg 1995)';
