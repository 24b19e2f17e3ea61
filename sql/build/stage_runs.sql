-- Say which stages have run, and on what.
-- reads: stage_run   writes: nothing
select stage, fingerprint from stage_run;
