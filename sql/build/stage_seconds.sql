-- Say how long every stage took when it last ran.
-- reads: stage_run   writes: nothing
select stage, seconds from stage_run;
