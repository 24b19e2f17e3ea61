-- Create the flat view, one row per kept document: text, persona, position on the map, other source columns.
-- reads: documents, speakers, stances, assignments, raw_labels, personas, layout, document_extras   writes: views tweets, fit_sample
create or replace view tweets as
select
    d.doc_id, d.tweet_id, d.text, d.author, d.created_at, d.lang, d.in_reply_to,
    d.like_count, d.retweet_count, d.reply_count, d.quote_count, d.source_file,
    w.speaker, s.stance,
    a.persona_id, p.name as persona_name, a.sub_persona_id, r.raw_label, a.is_core, a.confidence, a.runner_up_id,
    l.x, l.y,
    e.* exclude (doc_id)
from documents as d
join assignments as a on a.doc_id = d.doc_id
left join speakers as w on w.doc_id = d.doc_id
left join stances as s on s.doc_id = d.doc_id
left join personas as p on p.persona_id = a.persona_id
left join raw_labels as r on r.doc_id = d.doc_id
left join layout as l on l.doc_id = d.doc_id
left join document_extras as e on e.doc_id = d.doc_id;
comment on view tweets is 'One flat row a kept document: text, author, persona, place on the map, and the source''s other columns';
comment on column tweets.doc_id is 'Dense id, in input order';
comment on column tweets.tweet_id is 'The source''s id, or d<doc_id> where it gives none';
comment on column tweets.text is 'The text as it came in';
comment on column tweets.author is 'Author, as the source gives it';
comment on column tweets.created_at is 'Time of writing, UTC';
comment on column tweets.lang is 'Language code of the source';
comment on column tweets.in_reply_to is 'The tweet_id that it answers';
comment on column tweets.like_count is 'Likes';
comment on column tweets.retweet_count is 'Retweets';
comment on column tweets.reply_count is 'Replies';
comment on column tweets.quote_count is 'Quotes';
comment on column tweets.source_file is 'Name of the file that it came from; NULL for a table in memory';
comment on column tweets.speaker is 'Speaker: audience, company, promotion, automated or press';
comment on column tweets.stance is 'Stance: complaint, question, wish, praise, thanks, answer, news, promotion, talk, or unclear';
comment on column tweets.persona_id is 'Its persona; NULL for noise where the build left that out';
comment on column tweets.sub_persona_id is 'Its place inside the persona, from 0; NULL where the persona does not divide';
comment on column tweets.persona_name is 'The persona''s name';
comment on column tweets.raw_label is 'Label of the clustering itself; NULL: noise, or not in the fitted sample (see fit_sample)';
comment on column tweets.is_core is 'True if it is clearly inside its persona';
comment on column tweets.confidence is 'Calibrated probability that groupings of other documents assign it to the same persona, 0 to 1';
comment on column tweets.runner_up_id is 'The next nearest persona';
comment on column tweets.x is 'Horizontal position on the map';
comment on column tweets.y is 'Vertical position on the map';

create or replace view fit_sample as select doc_id from raw_labels;
comment on view fit_sample is 'The documents that the clustering saw: all kept ones, or a seeded sample of fit.max_documents';
comment on column fit_sample.doc_id is 'The document';
