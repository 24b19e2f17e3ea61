-- Create the table of learned heads where it is missing.
-- reads: nothing   writes: learned_heads
create table if not exists learned_heads (
    dimension varchar, head varchar, texts bigint, macro_f1 double, accuracy double, calibration_error double
);
comment on table learned_heads is 'Heads that ri classify --learn fitted to labels of a source column; made where it is first used';
comment on column learned_heads.dimension is 'Dimension: the column';
comment on column learned_heads.head is 'Weights, as a safetensors file in base64: vectors, hashed words in eight bits, signs';
comment on column learned_heads.texts is 'Distinct labelled texts that it was fitted to';
comment on column learned_heads.macro_f1 is 'Mean F1 of the labels on texts held out by five folds, 0 to 1';
comment on column learned_heads.accuracy is 'Share of right labels on them';
comment on column learned_heads.calibration_error is 'Expected calibration error on them (Guo et al. 2017)';
