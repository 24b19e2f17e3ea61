-- Create the tables that evaluate writes.
-- reads: nothing   writes: quality, persona_quality, calibration
create or replace table quality (metric varchar, value double, definition varchar);
comment on table quality is 'Quality of all personas together: one figure per row, with its definition';
comment on column quality.metric is 'Name of the figure';
comment on column quality.value is 'The figure; NULL where it cannot be computed';
comment on column quality.definition is 'Meaning of the figure, and how it is computed';
create or replace table persona_quality (
    persona_id integer, verdict varchar, reason varchar, size bigint, core_size bigint, core_share double,
    stability double, coherence double, separation double, silhouette double, word_agreement double,
    words_apart double, words_apart_from integer, text_overlap double, n_authors bigint, author_gini double, top_author_share double, language varchar,
    language_share double, language_nmi double, duplicate_share double, audience_share double, other_speaker varchar
);
comment on table persona_quality is 'Quality figures and verdict of each persona';
comment on column persona_quality.persona_id is 'The persona';
comment on column persona_quality.verdict is 'solid, usable or fragile';
comment on column persona_quality.reason is 'Reason for the verdict';
comment on column persona_quality.size is 'Documents';
comment on column persona_quality.core_size is 'Core members';
comment on column persona_quality.core_share is 'core_size / size';
comment on column persona_quality.stability is 'Mean over refits of the best Jaccard overlap with a refit''s group (Hennig 2007), 0 to 1: at most 0.5 it is dissolved, from 0.75 on stable; NULL without refits';
comment on column persona_quality.coherence is 'Mean cosine of its members'' text vectors to their mean vector, -1 to 1';
comment on column persona_quality.separation is '1 minus the cosine of its mean text vector to the nearest other persona''s, 0 to 2';
comment on column persona_quality.silhouette is 'Mean simplified silhouette (b - a) / max(a, b) of its members, a and b the distances to its own and the next nearest centroid in reduced space, -1 to 1';
comment on column persona_quality.word_agreement is 'Correlation, over a draw of all documents, of how much two random halves of a text''s words speak for the persona (log-odds learnt on other documents), -1 to 1; 0 where words are shuffled; NULL with one persona or few texts';
comment on column persona_quality.words_apart is 'The lowest of the same with log-odds against a single other persona, of the five with the most similar words';
comment on column persona_quality.words_apart_from is 'That persona';
comment on column persona_quality.text_overlap is 'Best Jaccard overlap with a group that text alone gives, 0 to 1: low means that behaviour makes it; NULL without behaviour or refits';
comment on column persona_quality.n_authors is 'Different authors; NULL where the source names none';
comment on column persona_quality.author_gini is 'Gini coefficient of posts over its authors: 0 all wrote as many, near 1 one wrote nearly all';
comment on column persona_quality.top_author_share is 'Share of its posts that its most frequent author wrote';
comment on column persona_quality.language is 'Its most frequent language in a sample: as the source gives it, else detected by frequent words or script; NULL if too few texts show one';
comment on column persona_quality.language_share is 'Share of its documents in that language, of those whose language is known';
comment on column persona_quality.language_nmi is 'Normalised mutual information of being in the persona and being in that language, 0 to 1; NULL where all documents share one';
comment on column persona_quality.duplicate_share is 'Copies left out in favour of its documents / those copies and its documents';
comment on column persona_quality.audience_share is 'Share of its documents that the audience wrote (see speakers); NULL for descriptions';
comment on column persona_quality.other_speaker is 'The most frequent other kind of speaker in it; NULL if all are the audience';
create or replace table calibration (low double, n bigint, confidence double, found_again double);
comment on table calibration is 'Calibration of confidence: held-out core members by the confidence from the other refits; no rows with fewer than two refits';
comment on column calibration.low is 'Lower end of a tenth of the confidence';
comment on column calibration.n is 'Held-out core members, once a refit';
comment on column calibration.confidence is 'Their mean confidence';
comment on column calibration.found_again is 'Share of them that the refit put into the same persona';
