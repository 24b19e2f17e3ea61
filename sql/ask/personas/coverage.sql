-- Compute the share of documents that each persona covers.
-- reads: personas   writes: nothing
select persona_id, name, size, share from personas order by persona_id
