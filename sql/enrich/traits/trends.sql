-- Insert the weeks of every persona, each share with its interval.
-- reads: weeks, incoming   writes: persona_trends
create or replace table persona_trends as
select w.persona_id, w.week, w.n, w.total, w.n / w.total as share, i.low, i.high
from weeks as w
join incoming as i using (persona_id, number)
order by w.persona_id, w.week;
comment on table persona_trends is 'Posts of each persona in every week that has posts';
comment on column persona_trends.persona_id is 'The persona';
comment on column persona_trends.week is 'Monday of the week, in the build''s time zone';
comment on column persona_trends.n is 'Its posts in that week';
comment on column persona_trends.total is 'Posts of all personas in that week';
comment on column persona_trends.share is 'n / total';
comment on column persona_trends.low is 'Lower end of the share''s 95 % interval (Wilson 1927)';
comment on column persona_trends.high is 'Upper end';
