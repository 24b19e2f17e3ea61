-- Select the number after the highest number of a description, or after their count.
-- reads: documents   writes: nothing
select greatest(coalesce(max(try_cast(tweet_id as bigint)), 0), count(*)) + 1 from documents
