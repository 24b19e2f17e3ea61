-- Count the ids that the source has for rows of different texts.
-- reads: documents   writes: nothing
select count(*) from (
    select 1 from documents where source_id is not null
    group by source_id having min(text_hash) <> max(text_hash)
)
