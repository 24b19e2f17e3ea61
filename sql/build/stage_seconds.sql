-- List the duration of the last run of every stage.
-- reads: stage_run   writes: nothing
select stage, seconds from stage_run;
