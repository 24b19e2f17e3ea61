-- Join the four families of behaviour: 36 numbers a document.
-- reads: temporal, interaction, style, network   writes: behaviour
create or replace table behaviour as
select *
from temporal
join interaction using (doc_id)
join style using (doc_id)
join network using (doc_id)
order by doc_id;

comment on table behaviour is 'Behaviour of each document: 36 numbers; NULL if the source does not give them';
comment on column behaviour.doc_id is 'The document';
comment on column behaviour.hour_sin is 'Sine of the local hour on the 24-hour circle';
comment on column behaviour.hour_cos is 'Cosine of the local hour on the 24-hour circle';
comment on column behaviour.weekday_sin is 'Sine of the local weekday on the 7-day circle';
comment on column behaviour.weekday_cos is 'Cosine of the local weekday on the 7-day circle';
comment on column behaviour.is_weekend is '1 on Saturday and Sunday, local time';
comment on column behaviour.is_business_hours is '1 from Monday to Friday, 9:00 to 16:59 local time';
comment on column behaviour.is_night is '1 from 22:00 to 5:59 local time';
comment on column behaviour.hours_since_previous is 'Hours since the author''s previous post in the source';
comment on column behaviour.is_reply is '1 where the post answers another';
comment on column behaviour.starts_with_mention is '1 where the text begins with @';
comment on column behaviour.mention_count is 'Handles in the text';
comment on column behaviour.mention_density is 'Handles per word';
comment on column behaviour.reply_count is 'Replies to the post';
comment on column behaviour.like_count is 'Likes';
comment on column behaviour.retweet_count is 'Retweets';
comment on column behaviour.quote_count is 'Quotes';
comment on column behaviour.thread_depth is 'Steps down from the post that began the thread';
comment on column behaviour.thread_size is 'Posts in the thread';
comment on column behaviour.is_thread_root is '1 where the post began a thread of at least two';
comment on column behaviour.reply_latency_minutes is 'Minutes after the post that it answers';
comment on column behaviour.text_length is 'Characters';
comment on column behaviour.word_count is 'Words, split at white space; in scripts without it, every two characters';
comment on column behaviour.avg_word_length is 'Characters per word';
comment on column behaviour.question_density is 'Question marks per word';
comment on column behaviour.exclam_density is 'Exclamation marks per word';
comment on column behaviour.uppercase_ratio is 'Upper-case letters per letter';
comment on column behaviour.punctuation_density is 'Punctuation marks per character';
comment on column behaviour.emoji_count is 'Emoji';
comment on column behaviour.hashtag_count is 'Hashtags';
comment on column behaviour.url_count is 'Links';
comment on column behaviour.author_tweet_count is 'Posts of the author in the source';
comment on column behaviour.author_tweets_per_day is 'The author''s posts per day, from first to last';
comment on column behaviour.author_reply_share is 'Share of the author''s posts that answer another';
comment on column behaviour.author_distinct_mentions is 'Different handles that the author mentions';
comment on column behaviour.author_hour_entropy is 'Entropy in bits of the author''s posts over the hours of the day';
comment on column behaviour.author_age_days is 'Days since the author''s first post in the source';
