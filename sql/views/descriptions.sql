-- Create the view of flat rows under the name for persona descriptions.
-- reads: tweets   writes: views descriptions
create or replace view descriptions as select * from tweets;
comment on view descriptions is 'One flat row a description: text, persona, place on the map, and the source''s other columns; tweets, which the ready questions ask, is the same';
comment on column descriptions.doc_id is 'Dense id, in input order';
comment on column descriptions.tweet_id is 'The source''s id: the number or name of the description, or d<doc_id> where it gives none';
comment on column descriptions.text is 'The description as it came in';
comment on column descriptions.author is 'Author, as the source gives it';
comment on column descriptions.created_at is 'Time of writing, UTC';
comment on column descriptions.lang is 'Language code of the source';
comment on column descriptions.in_reply_to is 'Of no meaning here';
comment on column descriptions.like_count is 'Likes';
comment on column descriptions.retweet_count is 'Retweets';
comment on column descriptions.reply_count is 'Replies';
comment on column descriptions.quote_count is 'Quotes';
comment on column descriptions.speaker is 'NULL: a description has no speaker';
comment on column descriptions.stance is 'NULL: a description takes no stance';
comment on column descriptions.source_file is 'Name of the file that it came from; NULL for a table in memory';
comment on column descriptions.persona_id is 'Its group; NULL for noise where the build left that out';
comment on column descriptions.sub_persona_id is 'Its place inside the group, from 0; NULL where the group does not divide';
comment on column descriptions.persona_name is 'The group''s name';
comment on column descriptions.raw_label is 'Label of the clustering itself; NULL: noise, or not in the fitted sample (see fit_sample)';
comment on column descriptions.is_core is 'True if it is clearly inside its group';
comment on column descriptions.confidence is 'Calibrated probability that groupings of other documents assign it to the same group, 0 to 1';
comment on column descriptions.runner_up_id is 'The next nearest group';
comment on column descriptions.x is 'Horizontal position on the map';
comment on column descriptions.y is 'Vertical position on the map';
