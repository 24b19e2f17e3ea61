-- Create the tables that record how the file was made.
-- reads: nothing   writes: build, stage_run, digests
create table if not exists build (
    build_id varchar, riindex_version varchar, started_at timestamp, finished_at timestamp, seconds double,
    preset varchar, config varchar, config_digest varchar, sources varchar, source_digest varchar,
    encoder varchar, encoder_digest varchar, seed bigint, threads integer, timezone varchar, libraries varchar,
    vector_table varchar, documents bigint, kept bigint, rejected bigint, personas integer
);
comment on table build is 'The runs that made this file, the latest last; config is JSON';
comment on column build.build_id is 'Names the run and its vector table';
comment on column build.riindex_version is 'Version of riindex';
comment on column build.started_at is 'UTC';
comment on column build.finished_at is 'UTC';
comment on column build.seconds is 'Wall time';
comment on column build.preset is 'The named configuration it began from';
comment on column build.config is 'Every setting, as JSON';
comment on column build.config_digest is 'Hash of every setting that can change a result';
comment on column build.sources is 'Names of the sources, as JSON';
comment on column build.source_digest is 'Hash of the sources'' contents';
comment on column build.encoder is 'The encoder, as it was requested';
comment on column build.encoder_digest is 'Hash of everything its vectors depend on';
comment on column build.seed is 'Seed of every random choice';
comment on column build.threads is 'Threads used; they change no result';
comment on column build.timezone is 'Time zone of hours and weekdays; created_at is always UTC';
comment on column build.libraries is 'Versions of the libraries, as JSON';
comment on column build.vector_table is 'Folder of the Lance table next to this file';
comment on column build.documents is 'Documents read';
comment on column build.kept is 'Documents left after cleaning';
comment on column build.rejected is 'Rows that could not be read';
comment on column build.personas is 'Personas found';

create table if not exists stage_run (
    stage varchar, fingerprint varchar, started_at timestamp, seconds double
);
comment on table stage_run is 'The last run of every stage; one whose fingerprint still matches is not run again';
comment on column stage_run.stage is 'Name of the stage';
comment on column stage_run.fingerprint is 'Hash of everything the stage depends on';
comment on column stage_run.started_at is 'UTC';
comment on column stage_run.seconds is 'Wall time';

create table if not exists digests (table_name varchar, digest varchar);
comment on table digests is 'A hash of every table: equal builds have equal digests';
comment on column digests.table_name is 'The table';
comment on column digests.digest is 'Hash of its rows by key, floats to five significant digits; of build, stage_run and times none';
