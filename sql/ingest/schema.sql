-- Create the tables that ingest writes.
-- reads: nothing   writes: documents, raw_texts, replies, rejects
create or replace table documents (
    doc_id bigint,
    source_id varchar,
    tweet_id varchar,
    text varchar,
    text_hash uuid,
    author varchar,
    created_at timestamp,
    has_hours boolean,
    lang varchar,
    in_reply_to varchar,
    like_count bigint,
    retweet_count bigint,
    reply_count bigint,
    quote_count bigint,
    is_repost boolean,
    source_file varchar,
    source_place varchar
);
comment on table documents is 'Every row of the source that has a text, in input order';
comment on column documents.doc_id is 'Dense id, 0 to n-1, in input order';
comment on column documents.source_id is 'The id as the source gives it; NULL where it gives none';
comment on column documents.tweet_id is 'The source''s id, or d<doc_id> where it gives none';
comment on column documents.text is 'The text as a reader sees it: without markup, escapes and invisible characters';
comment on column documents.text_hash is 'MD5 of the normalised text (entities, white space and Unicode form do not count)';
comment on column documents.author is 'Author, as the source gives it';
comment on column documents.created_at is 'Time of writing, UTC; from the id where the source has no time column and ids are snowflakes';
comment on column documents.has_hours is 'True where the source gives the hours of created_at; false for a date alone, whose hours are unknown';
comment on column documents.lang is 'Language code of the source';
comment on column documents.in_reply_to is 'The tweet_id that it answers';
comment on column documents.like_count is 'Likes, as the source gives them';
comment on column documents.retweet_count is 'Retweets, as the source gives them';
comment on column documents.reply_count is 'Replies, as the source gives them; else those found in replies';
comment on column documents.quote_count is 'Quotes, as the source gives them';
comment on column documents.is_repost is 'True where the source marks it as the post of another: a retweet, boost, repost or forward; NULL where it says nothing';
comment on column documents.source_file is 'Name of the file that it came from, without its folders; NULL for a table in memory';
comment on column documents.source_place is 'Number of the source and of the row in it, from 1';

create or replace table raw_texts (
    doc_id bigint,
    text varchar
);
comment on table raw_texts is 'Texts as they came in, of documents whose text was changed to be readable';
comment on column raw_texts.doc_id is 'The document';
comment on column raw_texts.text is 'Its text as it came in';

create or replace table replies (
    reply_id bigint,
    tweet_id varchar,
    doc_id bigint,
    in_reply_to varchar,
    text varchar,
    author varchar,
    created_at timestamp,
    like_count bigint
);
comment on table replies is 'Rows that answer another: documents that do, and the rows of --replies';
comment on column replies.reply_id is 'Dense id, documents first';
comment on column replies.tweet_id is 'The reply''s own id';
comment on column replies.doc_id is 'The document it is; NULL for a row of --replies';
comment on column replies.in_reply_to is 'The tweet_id that it answers';
comment on column replies.text is 'The text as a reader sees it';
comment on column replies.author is 'Author';
comment on column replies.created_at is 'Time of writing, UTC';
comment on column replies.like_count is 'Likes, as the source gives them';

create or replace table rejects (
    source varchar,
    place varchar,
    reason varchar
);
comment on table rejects is 'Rows of the source that could not be read';
comment on column rejects.source is 'Name of the file';
comment on column rejects.place is 'Line or row, from 1';
comment on column rejects.reason is 'Reason why it could not be read';
