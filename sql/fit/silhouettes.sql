-- Create the table of the silhouettes, where the number of personas was chosen from them.
-- reads: incoming   writes: silhouettes
create or replace table silhouettes as select * from incoming order by personas;
comment on table silhouettes is 'Cosine silhouette of k-means for each number of personas, over four seeds. No rows where the number was given or chosen otherwise';
comment on column silhouettes.personas is 'Number of personas';
comment on column silhouettes.silhouette is 'With the build''s own seed, -1 to 1: the highest is chosen';
comment on column silhouettes.mean is 'Mean over the seeds';
comment on column silhouettes.standard_error is 'Standard error of that mean';
comment on column silhouettes.agreement is 'Mean ARI between the groupings of different seeds';
comment on column silhouettes.smallest is 'Documents in the smallest group';
comment on column silhouettes.singles is 'Share of the groups that have one document';
comment on column silhouettes.chosen is 'True for the chosen number';
