-- Insert the trend of each persona.
-- reads: incoming   writes: persona_growth
create or replace table persona_growth as
select persona_id, trend, weeks, n, slope, low, high, p, q from incoming order by persona_id;
comment on table persona_growth is 'Trend of each persona''s weekly share of all posts';
comment on column persona_growth.persona_id is 'The persona';
comment on column persona_growth.trend is 'emerging or fading (q <= 0.05), steady, or too little time: fewer than eight weeks, or nearly all posts in a few of them';
comment on column persona_growth.weeks is 'Weeks in which anybody posts';
comment on column persona_growth.n is 'Its posts that have a time';
comment on column persona_growth.slope is 'Change of the share a week, by least squares, a week weighing as many posts as it has';
comment on column persona_growth.low is 'Lower end of its 95 % interval (Student)';
comment on column persona_growth.high is 'Upper end';
comment on column persona_growth.p is 'Two-sided, of no slope';
comment on column persona_growth.q is 'p corrected for all personas (Benjamini & Hochberg 1995)';
