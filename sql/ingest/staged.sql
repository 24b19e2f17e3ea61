-- Create tables for the rows of all sources in one shape, every value still text.
-- reads: nothing   writes: staged, staged_replies, written_times (temporary)
create or replace temp table staged (
    source_no integer, row_no bigint,
    tweet_id varchar, text varchar, author varchar, created_at varchar, lang varchar, in_reply_to varchar,
    like_count varchar, retweet_count varchar, reply_count varchar, quote_count varchar, is_repost varchar
);
create or replace temp table staged_replies as from staged;
create or replace temp table written_times (source_no integer, raw varchar, moment timestamp);
