-- Insert every statement with the SQL of its figure and the five most typical documents that support it.
-- reads: incoming, members, said, behaviour   writes: claims
create or replace table claims as
with typical as (
    -- Among this many documents of a persona, some support a statement that is true on average.
    select doc_id, persona_id from members
    qualify row_number() over (partition by persona_id order by not is_core, round(distance, 6), doc_id) <= 2000
),
felt as (
    unpivot (select t.persona_id, b.* from behaviour as b join typical as t using (doc_id))
    on columns(* exclude (doc_id, persona_id)) into name feature value value
),
offered as (
    select i.claim_id, s.doc_id
    from incoming as i join said as s on s.persona_id = i.persona_id and s.kind = i.kind and s.term = i.subject
    union all
    -- That a persona avoids a term is supported by the documents of others that use it.
    select i.claim_id, s.doc_id
    from incoming as i join said as s on s.persona_id <> i.persona_id and s.kind = 'term' and s.term = i.subject
    where i.kind = 'absent_term'
    union all
    select i.claim_id, m.doc_id from incoming as i join members as m using (persona_id) where i.kind in ('size', 'trend')
    union all
    select i.claim_id, m.doc_id
    from incoming as i
    join members as m on m.persona_id = i.persona_id and hour(m.clock_time)::varchar = i.subject
    where i.kind = 'hour'
    union all
    select i.claim_id, f.doc_id
    from felt as f
    join incoming as i on i.kind = 'trait' and i.persona_id = f.persona_id and i.subject = f.feature
    where case when i.value > i.baseline then f.value > i.baseline else f.value < i.baseline end
),
ranked as (
    select o.claim_id, o.doc_id, row_number() over (
        partition by o.claim_id order by not m.is_core, round(m.distance, 6), o.doc_id) as place
    from offered as o join members as m using (doc_id)
),
borne_out as (
    select claim_id, list(doc_id order by place) as doc_ids from ranked where place <= 5 group by claim_id
)
select
    i.claim_id, i.persona_id::integer as persona_id, i.place, i.kind, i.subject, i.sentence, i.sql, i.value, i.baseline, i.n,
    coalesce(b.doc_ids, []::bigint[]) as doc_ids
from incoming as i
left join borne_out as b using (claim_id)
order by i.persona_id, i.position;
comment on table claims is 'Every statement that a persona makes, each with one figure and where it comes from; a description is its sentences';
comment on column claims.claim_id is 'p<persona>c<number>';
comment on column claims.persona_id is 'The persona';
comment on column claims.place is 'description, do or dont: where it is used';
comment on column claims.kind is 'size, term, ngram, hashtag, absent_term, hour, trait or trend';
comment on column claims.subject is 'The term, hour or feature that it is about';
comment on column claims.sentence is 'The statement';
comment on column claims.sql is 'The question that yields value, baseline and n, to be asked of this file';
comment on column claims.value is 'The figure of the persona';
comment on column claims.baseline is 'The figure of all other personas; of a size all documents';
comment on column claims.n is 'Documents that the figure counts; of a mean those that it is taken over';
comment on column claims.doc_ids is 'Five documents that bear it out, the most typical first; of an absent term the others'' documents';
