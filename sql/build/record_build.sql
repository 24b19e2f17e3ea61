-- Insert the row of the run.
-- reads: documents, dropped, rejects, personas, $values   writes: build
insert into build
select
    $build_id, $version, $started_at, $finished_at, $seconds, $preset, $config, $config_digest, $sources,
    $source_digest, $encoder, $encoder_digest, $seed, $threads, $timezone, $libraries, $vector_table,
    (select count(*) from documents),
    (select count(*) from documents) - (select count(*) from dropped),
    (select count(*) from rejects),
    (select count(*) from personas);
