-- Leave aggregates alone, each resting on enough authors, and nothing from which the others could be subtracted.
-- reads: documents, assignments, behaviour, personas, persona_quality, $k, $flood, $timezone   writes: personas, persona_terms, persona_traits, persona_similarity, persona_hours, persona_weekdays, search_personas, build
-- Terms and centroids rest on core members.
create or replace temp table enough as
select p.persona_id
from personas as p
join assignments as a using (persona_id)
join documents as d using (doc_id)
where coalesce(p.top_author_share, 0) < $flood
group by p.persona_id
having count(distinct d.author) filter (a.is_core) >= $k;

-- A histogram is shown whole or not at all: one hidden bar, posts without a time among them, is its persona's size less
-- the others.
create or replace temp table timed as
select
    a.persona_id, d.author, hour(moment) as hour, hour(moment) // 6 as quarter, isodow(moment) as weekday
from (select *, created_at at time zone 'UTC' at time zone $timezone as moment from documents) as d
join assignments as a using (doc_id);
create or replace temp table open_hours as
select persona_id from (select persona_id, hour, count(distinct author) as n from timed group by all)
group by persona_id having min(n) >= $k;
create or replace temp table open_quarters as
select persona_id from (select persona_id, quarter, count(distinct author) as n from timed group by all)
group by persona_id having min(n) >= $k;
create or replace temp table open_weekdays as
select persona_id from (select persona_id, weekday, count(distinct author) as n from timed group by all)
group by persona_id having min(n) >= $k;

-- A trait rests on those of whom it is known, and of a share on those who have it and those who have it not; who is
-- left over is the persona's size less these.
create or replace temp table open_traits as
with felt as (
    from (
        select a.persona_id, d.author, b.* exclude (doc_id)
        from behaviour as b join assignments as a using (doc_id) join documents as d using (doc_id)
    ) unpivot include nulls (value for feature in (columns(* exclude (persona_id, author))))
),
told as (
    select
        f.persona_id, f.feature,
        case when f.value is null then 'unknown' when not t.is_share then 'known' when f.value > 0.5 then 'yes' else 'no' end as part,
        count(distinct f.author) as n_authors
    from felt as f
    join persona_traits as t using (persona_id, feature)
    group by all
)
select persona_id, feature from told group by persona_id, feature having min(n_authors) >= $k;

delete from persona_hours where persona_id not in (select persona_id from open_hours)
    or persona_id not in (select persona_id from enough);
delete from persona_weekdays where persona_id not in (select persona_id from open_weekdays)
    or persona_id not in (select persona_id from enough);
-- What the others say, and how often in all, would give back what was left out.
update persona_hours set baseline_share = null;
update persona_weekdays set baseline_share = null;
-- A phrase and a word in it leave those who say the word otherwise; the core members, those outside the core.
delete from persona_terms
where n_authors < $k or kind in ('absent_term', 'ngram') or persona_id not in (select persona_id from enough);
update persona_terms set
    share = n / (select p.size from personas as p where p.persona_id = persona_terms.persona_id), n_independent = null,
    baseline_share = null, lift = null, lift_low = null, lift_high = null, p = null, q = null, score = null, tfidf = null;
delete from persona_terms
where n > (select p.size - $k from personas as p where p.persona_id = persona_terms.persona_id);
comment on column persona_terms.share is 'n / size of the persona';
comment on column persona_terms.n_independent is 'Not in this copy';
-- Languages of few are told by what the others leave of the whole.
delete from persona_traits
where persona_id not in (select persona_id from enough) or not case
    when starts_with(feature, 'hours=') then persona_id in (select persona_id from open_quarters)
    when starts_with(feature, 'weekday=') then persona_id in (select persona_id from open_weekdays)
    -- Beside quarters of the day, night leaves the posts of an hour or two.
    when feature in ('is_night', 'is_business_hours') and persona_id in (select persona_id from open_quarters) then false
    -- Beside replies, what starts a conversation leaves those that do both, and a known latency those without one.
    when feature in ('is_thread_root', 'reply_latency_minutes') then false
    else (persona_id, feature) in (select (persona_id, feature) from open_traits) end;
update persona_traits set
    baseline_mean = null, deviation = null, difference = null, difference_low = null, difference_high = null,
    lift = null, lift_low = null, lift_high = null, p = null, q = null;
delete from persona_similarity
where persona_id not in (select persona_id from enough) or other_id not in (select persona_id from enough);
delete from search_personas where persona_id not in (select persona_id from enough);
delete from personas where persona_id not in (select persona_id from enough);
update personas set
    peak_hour = case when persona_id in (select persona_id from open_hours) then peak_hour end,
    weekday_weekend_ratio = case when persona_id in (select persona_id from open_weekdays) then weekday_weekend_ratio end,
    share = size / (select sum(size) from personas), top_author_share = null, core_size = null,
    generated_name = name, description = size || ' posts, ' || (
        select q.verdict from persona_quality as q where q.persona_id = personas.persona_id)
        || '; what enough authors say and how they behave is in persona_terms and persona_traits';
drop table enough;
drop table timed;
drop table open_hours;
drop table open_quarters;
drop table open_weekdays;
drop table open_traits;

update build set documents = null, kept = null;
