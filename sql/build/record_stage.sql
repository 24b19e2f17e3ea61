-- Insert the run of a stage together with its results.
-- reads: $stage, $fingerprint, $started_at, $seconds   writes: stage_run
delete from stage_run where stage = $stage;
insert into stage_run values ($stage, $fingerprint, $started_at, $seconds);
