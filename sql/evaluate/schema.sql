-- Make the tables that evaluate writes.
-- reads: nothing   writes: quality, persona_quality
create or replace table quality (metric varchar, value double, definition varchar);
comment on table quality is 'How good the whole is: one figure a row, with its definition';
comment on column quality.metric is 'Name of the figure';
comment on column quality.value is 'The figure; NULL where it cannot be computed';
comment on column quality.definition is 'What the figure says and how it is computed';
create or replace table persona_quality (
    persona_id integer, size bigint, core_size bigint, coherence double, separation double, silhouette double,
    stability double
);
comment on table persona_quality is 'How good each persona is';
comment on column persona_quality.persona_id is 'The persona';
comment on column persona_quality.size is 'Documents';
comment on column persona_quality.core_size is 'Core members';
comment on column persona_quality.coherence is 'Mean cosine of its members'' text vectors to their mean vector, -1 to 1';
comment on column persona_quality.separation is '1 minus the cosine of its mean text vector to the nearest other persona''s, 0 to 2';
comment on column persona_quality.silhouette is 'Mean simplified silhouette (b - a) / max(a, b) of its members, a and b the distances to its own and the next nearest centroid in reduced space, -1 to 1';
comment on column persona_quality.stability is 'Mean over refits of the best Jaccard overlap with a refit''s group (Hennig 2007), 0 to 1; NULL without refits';
