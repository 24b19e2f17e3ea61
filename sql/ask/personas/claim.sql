-- Select one claim.
-- reads: claims, personas, $claim   writes: nothing
select c.*, p.name as persona_name from claims as c join personas as p using (persona_id) where c.claim_id = $claim
