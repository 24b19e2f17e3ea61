-- Create the table of the curve from which the number of personas was chosen.
-- reads: incoming   writes: granularity
create or replace table granularity as select * from incoming order by personas;
comment on table granularity is 'Stability of each number of personas; a coarser number than the default replaces it where its score is higher by 0.35, a finer one by 0.1, and by two standard errors: fewer groups are always easier to find again. No rows where the number was given or the method has none';
comment on column granularity.personas is 'Number of personas';
comment on column granularity.stability is 'Mean ARI between groupings of random halves, 0 to 1';
comment on column granularity.null_stability is 'The same on columns shuffled independently';
comment on column granularity.score is '(stability - null) / (1 - null)';
comment on column granularity.standard_error is 'Standard error of the score';
comment on column granularity.chosen is 'True for the chosen number';
