-- Give the number after the highest that a description has, or after the count of them.
-- reads: documents   writes: nothing
select greatest(coalesce(max(try_cast(tweet_id as bigint)), 0), count(*)) + 1 from documents
