-- Create the table of granularity levels as measured by ri quality --curve.
-- reads: incoming, $parameter, $draws   writes: granularity_levels
create or replace table granularity_levels as
select
    $parameter::varchar as parameter, setting, groups, noise, largest, ari, error, "null" as null_ari, jaccard, weakest,
    silhouette, dbcv, refits, $draws::integer as draws, built
from incoming
order by setting;
comment on table granularity_levels is 'Every level of the method''s own granularity, refitted on draws, as ri quality --curve measured it; a build that groups anew drops it';
comment on column granularity_levels.parameter is 'The setting of fit that sets the granularity: personas, min_cluster_size or eps';
comment on column granularity_levels.setting is 'Its value';
comment on column granularity_levels.groups is 'Groups that it finds in all rows';
comment on column granularity_levels.noise is 'Share of the rows that it leaves ungrouped';
comment on column granularity_levels.largest is 'Share of the rows that its largest group has';
comment on column granularity_levels.ari is 'Mean adjusted Rand index between its refits; NULL where fewer than two found groups';
comment on column granularity_levels.error is 'Standard error of ari (jackknife over refits)';
comment on column granularity_levels.null_ari is 'ari of the same on columns shuffled independently';
comment on column granularity_levels.jaccard is 'Mean over its groups of the best overlap with a refit''s group, 0 to 1';
comment on column granularity_levels.weakest is 'The lowest of these overlaps';
comment on column granularity_levels.silhouette is 'Simplified silhouette in reduced space, -1 to 1';
comment on column granularity_levels.dbcv is 'Density-based validation (Moulavi et al. 2014), -1 to 1; NULL but for density methods';
comment on column granularity_levels.refits is 'Refits that found groups';
comment on column granularity_levels.draws is 'Refits requested';
comment on column granularity_levels.built is 'True if the build has this level';
