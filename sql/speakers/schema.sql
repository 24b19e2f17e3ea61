-- Create the tables of speakers anew.
-- reads: nothing   writes: speakers, declared (temporary)
create or replace table speakers (doc_id bigint, speaker varchar, score double, reasons varchar[]);
comment on table speakers is 'Speaker of each document: audience, company, promotion, automated or press; one row a document, dropped ones too; none for descriptions';
comment on column speakers.doc_id is 'The document';
comment on column speakers.speaker is 'Kind of speaker. audience: people who write for themselves; company: a desk that answers for a brand; promotion: adverts; automated: feeds and bots; press: newsrooms';
comment on column speakers.score is 'Clarity, 0.5 to 1: the logistic function of the weighed signs, not a calibrated probability; 1 where a column of the source names it';
comment on column speakers.reasons is 'Signs that decided it, of the account, or of the post where no author is named';

create or replace temp table declared (doc_id bigint, speaker varchar, reason varchar);
