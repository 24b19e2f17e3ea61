-- Create the table of stances anew.
-- reads: nothing   writes: stances
create or replace table stances (
    doc_id bigint, stance varchar, probability double, best_stance varchar, runner_up varchar, runner_up_probability double
);
comment on table stances is 'Stance of each post: complaint, question, wish, praise, thanks, answer, news, promotion, talk; one row a document, dropped ones too; none for descriptions. Reasons: ri why';
comment on column stances.doc_id is 'The document';
comment on column stances.stance is 'The likeliest stance; unclear where its probability is below stances.threshold, and for texts in other scripts than Latin';
comment on column stances.probability is 'Calibrated probability of best_stance, 0 to 1';
comment on column stances.best_stance is 'The likeliest stance, however unlikely; NULL for texts in other scripts';
comment on column stances.runner_up is 'The next likeliest stance';
comment on column stances.runner_up_probability is 'Its probability';
