-- Tell which share of the documents each persona covers.
-- reads: personas   writes: nothing
select persona_id, name, size, share from personas order by persona_id
