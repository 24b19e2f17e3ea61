-- List the stages that have run, with their fingerprints.
-- reads: stage_run   writes: nothing
select stage, fingerprint from stage_run;
