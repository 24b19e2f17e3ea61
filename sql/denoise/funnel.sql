-- Count the documents that each step saw, dropped and left.
-- reads: documents, dropped   writes: funnel
insert into funnel
with steps as (
    select row_number() over (order by place) as step_no, step from (values
        (0, 'where'), (1, 'exact_duplicate'), (2, 'near_duplicate'), (3, 'retweet'), (4, 'too_short'), (5, 'template')
    ) as s(place, step)
    where step <> 'where' or exists (select 1 from dropped where reason = 'where')
),
counted as (
    select step_no, step, (select count(*) from dropped as d where d.reason = s.step) as n
    from steps as s
),
running as (
    select step_no, step, n, (select count(*) from documents) - sum(n) over (order by step_no) as left_over
    from counted
)
select step_no, step, left_over + n, n, left_over, left_over / nullif(left_over + n, 0)
from running
order by step_no;
