-- Reduce the copy to aggregates of enough authors each, from which the others cannot be subtracted.
-- reads: documents, assignments, behaviour, stances, personas, persona_quality, $k, $flood, $timezone   writes: personas, persona_terms, persona_traits, persona_stances, persona_similarity, persona_hours, persona_weekdays, build
-- Terms and centroids are based on core members.
create or replace temp table enough as
select p.persona_id
from personas as p
join assignments as a using (persona_id)
join documents as d using (doc_id)
where coalesce(p.top_author_share, 0) < $flood
group by p.persona_id
having count(distinct d.author) filter (a.is_core) >= $k;

-- Each count of hours and days is rounded down to a whole step, so that few look like none. The shares among the traits
-- are of posts: all or none are shown, and none if one is of few authors or of no author: a share that is shown only
-- without authors would reveal the first one.
create or replace temp table timed as
select
    a.persona_id, d.author, hour(moment) as hour, hour(moment) // 6 as quarter, isodow(moment) as weekday
from (select *, created_at at time zone 'UTC' at time zone $timezone as moment from documents) as d
join assignments as a using (doc_id);
create or replace temp table open_quarters as
select persona_id from (select persona_id, quarter, count(distinct author) as n from timed group by all)
group by persona_id having min(n) >= $k and count(quarter) = 4;
create or replace temp table open_weekdays as
select persona_id from (select persona_id, weekday, count(distinct author) as n from timed group by all)
group by persona_id having min(n) >= $k and count(weekday) = 7;

-- A trait is based on authors for whom it is known, and a share on those who have it and those who do not; the rest is
-- the persona's size minus these. A mean of a feature that most do not have is the figure of the few who have it.
create or replace temp table felt as
from (
    select a.persona_id, d.author, b.* exclude (doc_id)
    from behaviour as b join assignments as a using (doc_id) join documents as d using (doc_id)
) unpivot include nulls (value for feature in (columns(* exclude (persona_id, author))));
-- Means of authors, each counted once, winsorised at 20 % (Dixon 1960, Wilcox 2012): values below the lowest fifth of the
-- authors or above the highest count as its edge, so one post with a million likes changes no figure. The fifth is
-- independent of the step.
create or replace temp table author_means as
with own as (
    select persona_id, feature, author, avg(value) as value from felt where value is not null and author is not null group by all
),
placed as (
    select *, row_number() over (partition by persona_id, feature order by value, author) as place,
        count(*) over (partition by persona_id, feature) as n_authors
    from own
),
bounded as (
    select persona_id, feature, n_authors, value,
        max(value) filter (place = 1 + n_authors // 5) over (partition by persona_id, feature) as low,
        max(value) filter (place = n_authors - n_authors // 5) over (partition by persona_id, feature) as high
    from placed
)
select persona_id, feature, any_value(n_authors) as n_authors,
    sum(round(greatest(least(value, high), low) * 1e6)::hugeint) / 1e6 / count(*) as mean
from bounded
group by persona_id, feature;
create or replace temp table open_traits as
with told as (
    select
        f.persona_id, f.feature,
        case when f.value is null then 'unknown' when not t.is_share then if(f.value = 0, 'zero', 'known') when f.value > 0.5 then 'yes' else 'no' end as part,
        count(distinct f.author) as n_authors
    from felt as f
    join persona_traits as t using (persona_id, feature)
    group by all
)
select persona_id, feature
from told join (select distinct feature, is_share from persona_traits) using (feature)
group by persona_id, feature
having min(n_authors) filter (part <> 'zero') >= $k and count(*) filter (part in ('known', 'yes', 'no')) = if(any_value(is_share), 2, 1);

-- Of a stance, the authors who took it count, each once, and not fewer than a step; nor may fewer than a step lack it.
create or replace temp table stance_authors as
select a.persona_id, s.stance, count(distinct d.author) as n_authors
from stances as s join assignments as a using (doc_id) join documents as d using (doc_id)
group by all;
delete from persona_stances
where stance = 'unclear' or persona_id not in (select persona_id from enough) or not coalesce((
    select s.n_authors >= $k and s.n_authors <= p.n_authors - $k
    from stance_authors as s join personas as p using (persona_id)
    where (s.persona_id, s.stance) = (persona_stances.persona_id, persona_stances.stance)), false);

delete from persona_hours where persona_id not in (select persona_id from enough);
delete from persona_weekdays where persona_id not in (select persona_id from enough);
-- Figures of the others and totals would reveal what was removed. Every count is of authors, each once, rounded down to a
-- whole step, and every other figure has two digits: two copies, of one index or of two builds, differ by whole steps or
-- not at all. A reader who knows that a single row was added in between may conclude from a count that has just reached
-- the next step that this row counts, and nothing else: no order, no name, no exact figure reveals more.
create or replace temp macro stepped(n, step) as (n // step * step)::bigint;
create or replace temp macro two_digits(x) as
    case when x is null or x = 0 or not isfinite(x) then x else round(x, 1 - floor(log10(abs(x)))::integer) end;
update persona_stances set
    low = null, high = null, baseline_share = null, difference = null, lift = null, lift_low = null, lift_high = null,
    p = null, q = null, n = (
        select stepped(s.n_authors, $k) from stance_authors as s
        where (s.persona_id, s.stance) = (persona_stances.persona_id, persona_stances.stance));
update persona_stances set share = two_digits(n / (
    select stepped(p.n_authors, $k) from personas as p where p.persona_id = persona_stances.persona_id));
update persona_stances set rank = (
    select count(*) + 1 from persona_stances as o where o.persona_id = persona_stances.persona_id
        and (o.n > persona_stances.n or (o.n = persona_stances.n and o.stance < persona_stances.stance)));
create or replace temp table ordered as from persona_stances;
delete from persona_stances;
insert into persona_stances from ordered order by persona_id, rank;
drop table ordered;
drop table stance_authors;
comment on column persona_stances.n is 'Its authors with a post of this stance, each once, down to a whole step';
comment on column persona_stances.share is 'n / size of the persona';
create or replace temp table hour_authors as
select persona_id, hour, count(distinct author) as n_authors from timed group by all;
create or replace temp table weekday_authors as
select persona_id, weekday, count(distinct author) as n_authors from timed group by all;
update persona_hours set baseline_share = null, n = stepped(coalesce((
    select h.n_authors from hour_authors as h where (h.persona_id, h.hour) = (persona_hours.persona_id, persona_hours.hour)), 0), $k);
delete from persona_hours where n = 0;
update persona_hours set share = two_digits(n / nullif((
    select sum(o.n) from persona_hours as o where o.persona_id = persona_hours.persona_id), 0));
update persona_weekdays set baseline_share = null, n = stepped(coalesce((
    select w.n_authors from weekday_authors as w
    where (w.persona_id, w.weekday) = (persona_weekdays.persona_id, persona_weekdays.weekday)), 0), $k);
delete from persona_weekdays where n = 0;
update persona_weekdays set share = two_digits(n / nullif((
    select sum(o.n) from persona_weekdays as o where o.persona_id = persona_weekdays.persona_id), 0));
-- Subtracting a phrase from a word in it leaves other uses of the word; subtracting core members, those outside the core.
delete from persona_terms
where n_authors < $k or kind in ('absent_term', 'ngram') or persona_id not in (select persona_id from enough)
    or n_authors > (select p.n_authors - $k from personas as p where p.persona_id = persona_terms.persona_id);
update persona_terms set
    n = stepped(n_authors, $k), n_authors = stepped(n_authors, $k), n_independent = null,
    baseline_share = null, lift = null, lift_low = null, lift_high = null, p = null, q = null, score = null, tfidf = null;
update persona_terms set share = two_digits(n / (
    select stepped(p.n_authors, $k) from personas as p where p.persona_id = persona_terms.persona_id));
-- A spelling is that of most posts, which may be by one author.
create or replace temp table spelled as
select t.persona_id, t.kind, t.term
from persona_terms as t
join assignments as a on a.persona_id = t.persona_id and a.is_core
join documents as d on d.doc_id = a.doc_id and contains(d.text, t.spelling)
where t.spelling <> t.term
    and regexp_matches(d.text, '(^|[^\pL\pN])' || regexp_escape(t.spelling) || '($|[^\pL\pN])')
group by all
having count(distinct d.author) >= $k;
update persona_terms set spelling = term
where spelling <> term and (persona_id, kind, term) not in (select (persona_id, kind, term) from spelled);
comment on column persona_terms.spelling is 'The spelling that its posts use most, where enough authors use it; else the term';
-- Their order would reveal exact ranks of frequency.
update persona_terms set rank = (
    select count(*) + 1 from persona_terms as o
    where (o.persona_id, o.kind) = (persona_terms.persona_id, persona_terms.kind)
        and (o.n > persona_terms.n or (o.n = persona_terms.n and o.term < persona_terms.term)));
create or replace temp table ordered as from persona_terms;
delete from persona_terms;
insert into persona_terms from ordered order by persona_id, kind, rank;
drop table ordered;
drop table spelled;
comment on column persona_terms.n is 'Authors of core members that use it, each counted once, rounded down to a whole step';
comment on column persona_terms.n_authors is 'The same as n';
comment on column persona_terms.share is 'n / size of the persona';
comment on column persona_terms.n_independent is 'Not in this copy';
comment on column persona_terms.rank is 'By n, then by the alphabet';
comment on column persona_hours.n is 'Its authors who posted in that hour, each once, down to a whole step';
comment on column persona_hours.share is 'n / the sum of n over the hours';
comment on column persona_weekdays.n is 'Its authors who posted on that day, each once, down to a whole step';
comment on column persona_weekdays.share is 'n / the sum of n over the days';
-- Languages of few authors could be derived by subtracting the others from the whole.
delete from persona_traits
where persona_id not in (select persona_id from enough) or not case
    when starts_with(feature, 'hours=') then persona_id in (select persona_id from open_quarters)
    when starts_with(feature, 'weekday=') then persona_id in (select persona_id from open_weekdays)
    -- Subtracting night from quarters of the day leaves the posts of an hour or two.
    when feature in ('is_night', 'is_business_hours') then false
    -- Subtracting starts of conversations from replies leaves posts that are both; a known latency leaves those without one.
    when feature in ('is_thread_root', 'reply_latency_minutes') then false
    else (persona_id, feature) in (select (persona_id, feature) from open_traits) end;
update persona_traits set
    n = stepped(n_authors, $k), n_authors = stepped(n_authors, $k), mean = two_digits(case
        when starts_with(feature, 'hours=') then (
            select stepped(count(distinct t.author) filter (t.quarter = try_cast(split_part(substring(persona_traits.feature, 7), '-', 1) as integer) // 6), $k)
                / count(distinct (t.author, t.quarter)) from timed as t where t.persona_id = persona_traits.persona_id)
        when starts_with(feature, 'weekday=') then (
            select any_value(w.share) from persona_weekdays as w
            where w.persona_id = persona_traits.persona_id and w.weekday = list_position(
                ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], lower(substring(persona_traits.feature, 9, 3))))
        else (select m.mean from author_means as m
            where (m.persona_id, m.feature) = (persona_traits.persona_id, persona_traits.feature)) end),
    baseline_mean = null, deviation = null, difference = null, difference_low = null, difference_high = null,
    lift = null, lift_low = null, lift_high = null, p = null, q = null;
comment on column persona_traits.n is 'The same as n_authors';
comment on column persona_traits.n_authors is 'Authors of its members, each once, down to a whole step';
comment on column persona_traits.mean is 'Mean over its authors, each once and the furthest fifth at either end as its edge (winsorised), two digits of it';
delete from persona_similarity
where persona_id not in (select persona_id from enough) or other_id not in (select persona_id from enough)
    or method <> 'style';
update persona_similarity set similarity = two_digits(similarity);
delete from personas where persona_id not in (select persona_id from enough);
update personas set
    peak_hour = (
        select h.hour from persona_hours as h where h.persona_id = personas.persona_id order by h.n desc, h.hour limit 1),
    weekday_weekend_ratio = (
        select two_digits(sum(w.n) filter (w.weekday <= 5) / nullif(sum(w.n) filter (w.weekday > 5), 0))
        from persona_weekdays as w where w.persona_id = personas.persona_id),
    size = stepped(n_authors, $k), n_authors = stepped(n_authors, $k), top_author_share = null, core_size = null,
    avg_text_length = (select t.mean from persona_traits as t where (t.persona_id, t.feature) = (personas.persona_id, 'text_length')),
    avg_word_count = (select t.mean from persona_traits as t where (t.persona_id, t.feature) = (personas.persona_id, 'word_count')),
    question_density = (select t.mean from persona_traits as t where (t.persona_id, t.feature) = (personas.persona_id, 'question_density')),
    exclam_density = (select t.mean from persona_traits as t where (t.persona_id, t.feature) = (personas.persona_id, 'exclam_density')),
    coherence = two_digits(coherence), stability = two_digits(stability), centroid = null,
    generated_name = name;
create or replace temp table sized as
select persona_id, size / sum(size) over () as share,
    coalesce((select sum(o.size) from personas as o where o.size > personas.size), 0) as before, sum(size) over () as total
from personas;
update personas set
    share = two_digits(s.share),
    tier = case when s.before < 0.5 * s.total then 'dominant' when s.before < 0.7 * s.total then 'significant' else 'niche' end,
    description = 'At least ' || personas.size || ' authors, ' || (
        select q.verdict from persona_quality as q where q.persona_id = personas.persona_id)
        || '; what enough authors say and how they behave is in persona_terms and persona_traits'
from sized as s where s.persona_id = personas.persona_id;
comment on column personas.size is 'Its authors, each once, down to a whole step';
comment on column personas.share is 'size / the sizes of all personas of this copy';
comment on column personas.n_authors is 'The same as size';
drop table enough;
drop table felt;
drop table author_means;
drop table timed;
drop table open_quarters;
drop table open_weekdays;
drop table open_traits;
drop table hour_authors;
drop table weekday_authors;
drop table sized;
-- The duration of a build reveals the amount of data.
update build set documents = null, kept = null, personas = null, seconds = null, finished_at = started_at, threads = null, config_digest = '';
