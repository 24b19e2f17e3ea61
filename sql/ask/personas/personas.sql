-- Select the card of every persona, by number.
-- reads: personas   writes: nothing
select * exclude (centroid) from personas order by persona_id
