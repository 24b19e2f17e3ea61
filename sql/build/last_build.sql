-- Select the row of the last run: the last one written, regardless of the clock.
-- reads: build   writes: nothing
select
    build_id, riindex_version, started_at, finished_at, seconds, preset, config, config_digest, sources, source_digest,
    encoder, encoder_digest, seed, threads, timezone, libraries, vector_table, documents, kept, rejected, personas
from build order by rowid desc limit 1;
